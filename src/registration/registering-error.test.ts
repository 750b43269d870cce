import { expect, test } from 'vitest';
import { registrationHost } from './testing/registration-host.ts';

test.each([
  ['EINVAL', 'this kernel does not accept the rule'],
  ['EBUSY', 'the kernel is busy'],
  ['ETXTBSY', 'the interpreter is being written'],
  ['ENOENT', 'there is no /proc/sys/fs/binfmt_misc/register any more'],
  ['ENOMEM', 'the kernel refused it'],
])('%s of one architecture: the others go on', (errno, reason) => {
  const { host, register, entries } = registrationHost();
  host.files.fail({ errno, method: 'writeOnce', times: 1 });
  const report = register({ architectures: ['arm64', 'riscv64'] });
  expect(report.outcome).toBe('partial');
  expect(report.results).toMatchObject([
    {
      error: {
        code: 'ANYARCH_REGISTER_FAILED',
        message: expect.stringContaining(`${reason} (${errno})`) as string,
      },
    },
    { proven: true, error: undefined },
  ]);
  expect(report.results[0]?.error?.hint).toBeTruthy();
  expect([...entries().keys()]).toEqual(['qemu-riscv64']);
});

test('EEXIST again and again: another program is faster', () => {
  const { host, register, entries } = registrationHost();
  host.files.fail({ errno: 'EEXIST', method: 'writeOnce' });
  const { outcome, results } = register({ architectures: ['arm64'] });
  expect(outcome).toBe('failed');
  expect(results[0]?.error).toMatchObject({
    code: 'ANYARCH_REGISTER_FAILED',
    message: expect.stringContaining('another program has just registered this name (EEXIST)') as string,
    hint: 'run the command again',
  });
  expect(entries().size).toBe(0);
});

test('EACCES because of the interpreter is no lack of permission', () => {
  const { host, register, emulators } = registrationHost();
  const { path } = emulators.get('aarch64')!;
  host.files.addFile(path, host.files.read(path), { mode: 0o644 });
  expect(register({ architectures: ['arm64'] }).results).toMatchObject([
    {
      error: {
        code: 'ANYARCH_REGISTER_FAILED',
        message: expect.stringContaining('may not be executed (EACCES)') as string,
        hint: expect.stringContaining(`chmod +x ${path}`) as string,
      },
    },
  ]);
});

test.each([
  ['EROFS', 'ANYARCH_BINFMT_READ_ONLY'],
  ['EPERM', 'ANYARCH_PERMISSION'],
] as const)('%s concerns the whole table', (errno, code) => {
  const { host, register, entries } = registrationHost();
  host.files.fail({ errno, method: 'writeOnce', times: 1 });
  expect(() => register({ architectures: ['arm64', 'riscv64'] })).toThrowWithCode(code);
  expect(entries().size).toBe(0);
});
