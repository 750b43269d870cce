import { describe, expect, it } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import { guestOutcome } from './outcome.ts';
import type { GuestOutcome } from './outcome.ts';

const words = (...values: number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
const names: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  8: 'ENOEXEC',
  13: 'EACCES',
  28: 'ENOSPC',
};
const steps = [
  { doing: 'make the namespaces', call: 'unshare', arguments: [] },
  { doing: 'mount a private binfmt_misc', call: 'mount', arguments: [] },
  { doing: 'enter /no', call: 'chdir', arguments: [] },
] as const;
const outcome = (report: Uint8Array, signal?: number): GuestOutcome =>
  guestOutcome(
    { report, exitCode: 0, signal },
    {
      steps,
      command: 'cmd',
      littleEndian: true,
      errnoName: (errno) => names[errno] ?? 'E?',
      system: fakeHost().system,
    },
  );
const refusal = 0xfffffffe | 0;
const status = 0xffffffff | 0;

describe('guestOutcome', () => {
  it.each([
    [0x0700, 7],
    [9, 137],
    [0x86, 134],
    [0, 0],
  ])('wait status %i is exit code %i', (waited, exitCode) => {
    const signal = waited & 0x7f;
    expect(outcome(words(status, waited))).toEqual({ exitCode, ...(signal === 0 ? {} : { signal }) });
  });

  it.each([
    [[-2, -2], 127, 'not found'],
    [[-2, -13], 126, 'EACCES'],
    [[-8, -2], 126, 'exec format error'],
  ])('refusals %j give %i', (errnos, exitCode, message) => {
    const records = errnos.flatMap((errno) => [refusal, errno]);
    expect(outcome(words(...records, status, 0x7f00))).toEqual({
      exitCode,
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    [0, 1, 'ANYARCH_NAMESPACE', 'unprivileged_userns'],
    [0, 28, 'ANYARCH_NAMESPACE', 'max_user_namespaces'],
    [1, 1, 'ANYARCH_NAMESPACE', '6.7'],
    [2, 2, 'ANYARCH_RUN_SETUP', '-w'],
  ] as const)('step %i failing with %i is %s', (step, errno, code, hint) => {
    expect(() => outcome(words(step, errno))).toThrowWithCode(code);
    expect(() => outcome(words(step, errno))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(hint) as string }) as Error,
    );
  });

  it('does not take silence for success', () => {
    expect(() => outcome(words())).toThrowWithCode('ANYARCH_RUN_SETUP');
    expect(outcome(words(), 9)).toEqual({ exitCode: 137, signal: 9 });
  });
});
