import { describe, expect, it } from 'vitest';
import { isSandboxed, sandboxFor, sandboxWords } from './sandbox-words.ts';

describe("QEMU's sandbox", () => {
  it.each([
    [true, [...sandboxWords]],
    [true, ['--sandbox', 'enable=on']],
    [false, ['-sandbox', 'off']],
    [false, ['-sandbox']],
    [false, ['-name', '-sandbox,on']],
    [false, []],
  ])('is on: %s, with %j', (expected, words) => {
    expect(isSandboxed(['/q', ...words, '-m', '1024M'])).toBe(expected);
  });

  it('is left to words of the user, in both spellings', () => {
    const qemu = { hasSandbox: true };
    expect(sandboxFor(qemu, ['-snapshot'])).toEqual(sandboxWords);
    expect(sandboxFor(qemu, ['--sandbox', 'off'])).toEqual([]);
    expect(sandboxFor({ hasSandbox: false })).toEqual([]);
  });
});
