import { beforeEach, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../../host/testing/fake-host.ts';
import { podmanServices, servicesInUse } from './podman-service.ts';

let host: FakeHost;
beforeEach(() => {
  host = fakeHost({ system: { uid: 1000, environment: { HOME: '/home/ann', PATH: '/usr/bin' } } });
  host.addProgram('/usr/bin/podman');
  host.addProgram('/container/podman');
});

const service = ['podman', '--log-level=info', 'system', 'service', '-t', '0'];

it.each([
  ['one', {}, [7]],
  ['one of a path', { words: ['/usr/bin/podman', 'system', 'service'] }, [7]],
  ["another user's", { uid: 1001 }, []],
  ['another program', { words: ['vim', 'system', 'service'] }, []],
  ['another command', { words: ['podman', 'run', 'system'] }, []],
  ['one in a container', { program: '/container/podman' }, []],
] as const)('finds %s', (_what, process, expected) => {
  addProcess(process);
  expect(podmanServices(host)).toEqual(expected);
});

it('tells what would become of it', () => {
  expect(servicesInUse(host, 'podman')).toBeUndefined();
  addProcess({});
  const refusal = servicesInUse(host, 'podman');
  expect(refusal?.code).toBe('ANYARCH_IN_USE');
  expect(refusal?.message).toContain('process 7');
  expect(refusal?.hint).toContain('kill 7');
});

function addProcess({
  uid = 1000,
  words = service,
  program = '/usr/bin/podman',
}: {
  readonly uid?: number;
  readonly words?: readonly string[];
  readonly program?: string;
}): void {
  host.files.addDirectory('/proc/7', { uid, gid: uid });
  host.files.addFile('/proc/7/cmdline', words.map((word) => `${word}\0`).join(''));
  host.files.addLink('/proc/7/exe', program);
}
