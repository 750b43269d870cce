import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeHost } from '../host/testing/index.ts';
import { registrationHost } from '../registration/testing/registration-host.ts';
import { runProgram } from './program.ts';
import { imageMark } from './surroundings.ts';

describe('own commands', () => {
  let host: FakeHost;
  let entries: () => ReadonlyMap<string, string>;
  const run = (...words: string[]) => runProgram(host, { words, version: '1.2.3' });
  beforeEach(() => {
    ({ host, entries } = registrationHost([]));
    host.files.addFile(imageMark, '{}');
    host.files.addLink('/proc/1/ns/mnt', 'mnt:[4026531841]');
    for (const target of ['aarch64', 's390x']) addEmulator(host, target);
  });

  it('register proves what the image has, twice in the same way', () => {
    const first = run('register', 'arm64', '--json');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toMatchObject({
      schema: 'anyarch/register/1',
      results: [{ action: 'add', name: 'qemu-aarch64', proven: true }],
    });
    expect(entries().get('qemu-aarch64')).toContain('/usr/bin/qemu-aarch64-static\nflags: PF\n');
    const { stdout } = run('register');
    expect(stdout).toContain('registered qemu-s390x QEMU 11.1.3');
    expect([...entries().keys()].toSorted()).toEqual(['qemu-aarch64', 'qemu-s390x']);
  });

  it('a container that remembers nothing replaces and removes what an earlier one made', () => {
    run('register', 'arm64');
    host.files.remove('/var/lib/anyarch');
    expect(JSON.parse(run('register', 'arm64', '--json').stdout)).toMatchObject({
      results: [{ action: 'replace', name: 'qemu-aarch64', proven: true }],
    });
    host.files.remove('/var/lib/anyarch');
    expect(run('unregister').stdout).toContain('gone');
    expect(entries().size).toBe(0);
  });

  it('status, help and version', () => {
    run('register', 'arm64');
    expect(run('status', '--probe')).toMatchObject({ exitCode: 0 });
    expect(run('status').stdout).toContain('qemu-aarch64  enabled');
    expect(run('--version')).toEqual({ exitCode: 0, stdout: 'anyarch 1.2.3\n', stderr: '' });
    expect(run('--help').stdout).toContain('register');
    expect(run('register', '--help').stdout).not.toContain('--mirror');
  });

  it('fails with a code and a next step', () => {
    expect(run('regster')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('[ANYARCH_USAGE]\n  next: did you mean: anyarch register') as string,
    });
    expect(run('register', 'riscv64').exitCode).toBe(1);
    host.files.fail({ errno: 'EACCES', method: 'writeOnce' });
    expect(run('register', 'arm64')).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('ANYARCH_PERMISSION') as string,
    });
  });
});

/** As the image builder lays it out. */
function addEmulator(host: FakeHost, target: string): void {
  const path = `/usr/bin/qemu-${target}-static`;
  host.addProgram(path);
  const description = {
    schema: 1,
    target,
    path,
    version: '11.1.3',
    packageVersion: '1:11.1.3+ds-1',
    linkage: 'static-pie',
    preservesArgv0: true,
    size: host.files.status(path)?.size,
    sha256: 'ab'.repeat(32),
  };
  host.files.addFile(`/usr/share/anyarch/emulators/${target}.json`, JSON.stringify(description));
}
