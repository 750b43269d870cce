import { expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../../host/testing/index.ts';
import { lostMounts } from './lost-mounts.ts';
import { exampleRecord } from './testing/example-machine.ts';

const sockets = '/tmp/anyarch-0/m/0123abcd';
const loader = ['/programs/usr/lib/ld-linux-x86-64.so.2', '/programs/usr/libexec/virtiofsd'];

function machineWith(...targets: readonly string[]) {
  const mounts = targets.map((target) => ({ source: `/host${target}`, target, isReadOnly: false }));
  return { record: { ...exampleRecord, name: 'demo', mounts } };
}

function hostWith(...commands: (readonly string[])[]): FakeHost {
  const host = fakeHost({ system: { uid: 0, pid: 1 } });
  host.files.makeDirectory('/proc');
  commands.forEach((command, index) => {
    const place = `/proc/${String(100 + index)}`;
    host.files.addFile(`${place}/cmdline`, `${command.join('\0')}\0`);
    host.files.addFile(`${place}/stat`, `1 (virtiofsd) S ${'0 '.repeat(30)}`);
  });
  return host;
}

it('is none where the machine has none, or all are served', () => {
  expect(lostMounts(hostWith(), machineWith(), { sockets })).toBeUndefined();
  const host = hostWith(
    ['virtiofsd', '--socket-path', `${sockets}/fs0`],
    [...loader, '--socket-path', `${sockets}/fs1`],
  );
  expect(lostMounts(host, machineWith('/a', '/b'), { sockets })).toBeUndefined();
});

it.each([
  ['nothing is left of it', ['sleep', '1']],
  ['only its QEMU names it', ['qemu-system-aarch64', '-chardev', `socket,id=mount0,path=${sockets}/fs0`]],
  ["only another machine's is there", ['virtiofsd', '--socket-path', '/tmp/anyarch-0/m/other/fs0']],
])('is named, with what to do, where %s', (_, other) => {
  const host = hostWith(['virtiofsd', '--socket-path', `${sockets}/fs1`], other);
  const lost = lostMounts(host, machineWith('/a', '/b'), { sockets });
  expect(lost).toMatchObject({ code: 'ANYARCH_MACHINE_FAILED', details: { mounts: ['/a'] } });
  expect(lost?.message).toContain('/host/a');
  expect(lost?.hint).toContain('anyarch machine stop demo --timeout');
});
