import { expect, test } from 'vitest';
import { fakeHost } from '../../../host/testing/fake-host.ts';
import type { Check } from '../../check.ts';
import type { Remedy } from '../../verdict.ts';
import { installDocker } from '../../testing/engines.ts';
import { examinationOf } from '../../testing/examination.ts';
import { engineHangs } from './engine-hangs.ts';
import { engineSocketRefused } from './engine-socket-refused.ts';
import { vmWithoutKvm } from './vm-without-kvm.ts';

const passwd = 'root:x:0:0::/root:/bin/sh\nmei:x:1000:1000::/home/mei:/bin/sh\n';

interface Machine {
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, { readonly gid: number; readonly mode: number }>>;
  readonly isSystemd?: boolean;
}

async function remediesOf(
  check: Check,
  info: Parameters<typeof installDocker>[1],
  { environment = {}, files = {}, isSystemd = false }: Machine,
): Promise<readonly Remedy[]> {
  const host = fakeHost({
    system: { uid: 1000, gid: 1000, environment: { PATH: '/usr/bin', ...environment } },
  });
  installDocker(host, info);
  host.files.addFile('/etc/passwd', passwd);
  host.files.addFile('/etc/group', 'root:x:0:\nengineers:x:998:\n');
  if (isSystemd) host.files.addDirectory('/run/systemd/system');
  for (const [path, { gid, mode }] of Object.entries(files)) host.files.addFile(path, '', { gid, mode });
  const verdict = await check.examine(
    examinationOf(host, { scope: check === vmWithoutKvm ? 'vm' : 'docker' }),
  );
  return verdict.status === 'fault' ? verdict.remedies : [];
}

const refused = { exitCode: 1, stderr: 'permission denied while trying to connect to the socket' };

test.each([
  [{ gid: 998, mode: 0o660 }, ['usermod', '-aG', 'engineers', 'mei']],
  [{ gid: 0, mode: 0o660 }, ['sudo', 'docker', 'info']],
  [{ gid: 998, mode: 0o600 }, ['sudo', 'docker', 'info']],
])('lets the user join the group of the socket, as it is: %o', async (socket, command) => {
  const files = { '/var/run/docker.sock': socket };
  const [first] = await remediesOf(engineSocketRefused, refused, { files });
  expect(first?.command).toEqual(command);
});

test.each([
  [{ isSystemd: true }, 'systemctl'],
  [{}, 'ps'],
  [{ isSystemd: true, environment: { DOCKER_HOST: 'tcp://far:2375' } }, undefined],
])('restarts the service only where the daemon is one: %o', async (machine, program) => {
  const hanging = { timedOut: true, exitCode: undefined };
  const [first] = await remediesOf(engineHangs, hanging, machine);
  expect(first).toBeDefined();
  expect(first?.command?.[0]).toBe(program);
});

test.each([
  [{ gid: 998, mode: 0o660 }, ['usermod', '-aG', 'engineers', 'mei']],
  [{ gid: 0, mode: 0o600 }, ['chmod', '0666', '/dev/kvm']],
])('opens KVM by its group where that helps: %o', async (device, command) => {
  const [first] = await remediesOf(vmWithoutKvm, undefined, { files: { '/dev/kvm': device } });
  expect(first?.command).toEqual(command);
});
