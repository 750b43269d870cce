import { describe, expect, it } from 'vitest';
import { sizeOf, wholeNumber } from './size.ts';

describe('sizes', () => {
  it.each([
    ['1024', 2 ** 30],
    ['512M', 2 ** 29],
    ['20G', 20 * 2 ** 30],
    ['20g', 20 * 2 ** 30],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['1T', 2 ** 40],
  ])('%s', (text, bytes) => {
    expect(sizeOf('--disk', text)).toBe(bytes);
  });

  it.each(['', 'G', '-1G', '0', '0.5M', '10K', '1e9', '99999999G', '20 G'])('not "%s"', (text) => {
    expect(() => sizeOf('--disk', text)).toThrowWithCode('ANYARCH_USAGE');
  });
});

describe('numbers', () => {
  it('are whole and within limits', () => {
    expect(wholeNumber('--cpus', '4', { from: 1, to: 8 })).toBe(4);
    for (const text of ['', '0', '9', '1.5', '-1', '1e0', 'x'])
      expect(() => wholeNumber('--cpus', text, { from: 1, to: 8 })).toThrowWithCode('ANYARCH_USAGE');
  });
});
