import { beforeEach, expect, test } from 'vitest';
import { fakeHost, type FakeHost } from '../../host/testing/index.ts';
import { confinementWarnings, withWarnings } from './warnings.ts';

let host: FakeHost;
beforeEach(() => {
  host = fakeHost();
});

const fixed = { fixBinary: true };
const done = { exitCode: 0, stdout: 'out', stderr: 'err\n' };

function enforceWith(label: string): void {
  host.files.addFile('/sys/fs/selinux/enforce', '1');
  host.files.addFile('/proc/self/attr/current', 'system_u:system_r:spc_t:s0\0');
  host.files.addFile('/proc/self/mounts', `overlay / overlay rw,context="${label}" 0 0\n`);
}

test('nothing to say about a host without SELinux, as root', () => {
  expect(confinementWarnings(host, fixed)).toEqual([]);
  expect(withWarnings(done, [])).toEqual(done);
});

test('names the options that SELinux needs', () => {
  enforceWith('system_u:object_r:container_file_t:s0:c1022,c1023');
  const warnings = confinementWarnings(host, fixed);
  expect(warnings).toMatchObject([
    {
      kind: 'selinux',
      hint: 'run it again with --privileged --security-opt label=filetype:container_file_t --security-opt label=level:s0 --security-opt label=type:spc_t',
    },
  ]);
  expect(withWarnings(done, warnings)).toMatchObject({
    exitCode: 3,
    stdout: 'out',
    stderr: expect.stringMatching(/^err\nwarning: SELinux keeps .*\n {2}next: run it again/) as string,
  });
  expect(withWarnings({ ...done, exitCode: 1 }, warnings).exitCode).toBe(1);
});

test('says when it cannot see whether SELinux enforces', () => {
  enforceWith('system_u:object_r:container_file_t:s0:c1022,c1023');
  host.files.remove('/sys/fs/selinux/enforce');
  const warnings = confinementWarnings(host, fixed);
  expect(warnings).toMatchObject([{ kind: 'selinux' }]);
  expect(warnings[0]?.message).toMatch(
    /^SELinux is on here, and whether it enforces cannot be seen from inside/,
  );
  expect(withWarnings(done, warnings).exitCode).toBe(3);
  host.files.addFile('/sys/fs/selinux/enforce', '0');
  expect(confinementWarnings(host, fixed)).toEqual([]);
});

test('without flag F each container has its own emulator', () => {
  enforceWith('system_u:object_r:container_file_t:s0:c1022,c1023');
  expect(confinementWarnings(host, { fixBinary: false })).toEqual([]);
});

test('with the options nothing is in the way', () => {
  enforceWith('system_u:object_r:container_file_t:s0');
  expect(confinementWarnings(host, fixed)).toEqual([]);
});
