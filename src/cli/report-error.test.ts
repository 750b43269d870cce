import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import { SystemError } from '../host/system-error.ts';
import { errorOutcome } from './report-error.ts';

describe('errorOutcome', () => {
  it('gives code, message and next step, to people and to scripts', () => {
    const error = new AnyarchError('ANYARCH_EMULATOR_NOT_FOUND', 'no emulator', {
      hint: 'fetch one',
      details: { target: 'arm' },
    });
    expect(errorOutcome(error, { debug: false })).toEqual({
      exitCode: 4,
      document: {
        schema: 'anyarch/error/1',
        error: {
          code: 'ANYARCH_EMULATOR_NOT_FOUND',
          message: 'no emulator',
          hint: 'fetch one',
          details: { target: 'arm' },
        },
      },
      errorText: 'anyarch: no emulator [ANYARCH_EMULATOR_NOT_FOUND]\n  next: fetch one\n',
    });
  });

  it.each([
    ['ENOSPC', 'ANYARCH_DISK_FULL', 1],
    ['EACCES', 'ANYARCH_PERMISSION', 4],
    ['EIO', 'ANYARCH_FILE', 1],
    ['ENOENT', 'ANYARCH_FILE', 1],
  ])('knows what %s means, and a next step', (errno, code, exitCode) => {
    const outcome = errorOutcome(new SystemError(errno, 'write', '/x'), { debug: false });
    expect(outcome).toMatchObject({
      exitCode,
      document: {
        error: { code, details: { errno, path: '/x' }, hint: expect.stringMatching(/./) as string },
      },
    });
    expect(errorOutcome(new SystemError(errno, 'write'), { debug: false }).errorText).toContain('  next: ');
  });

  it("takes Node's own errors for what they are", () => {
    const thrown = (): unknown => {
      try {
        return readFileSync('/proc/nope');
      } catch (error) {
        return error;
      }
    };
    expect(errorOutcome(thrown(), { debug: false }).errorText).toBe(
      'anyarch: open /proc/nope: ENOENT [ANYARCH_FILE]\n  next: look whether /proc/nope exists\n',
    );
  });

  it('calls a bug a bug and shows where it happened', () => {
    const outcome = errorOutcome(new Error('impossible'), { debug: false });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.errorText).toMatch(/bug in anyarch: impossible \[ANYARCH_BUG\]\n {4}at /);
  });

  it('shows stack and causes on request only', () => {
    const error = new AnyarchError('ANYARCH_FILE', 'outer', { cause: new Error('inner') });
    expect(errorOutcome(error, { debug: true }).errorText).toContain('caused by: Error: inner');
    expect(errorOutcome(error, { debug: false }).errorText).not.toContain('inner');
  });
});
