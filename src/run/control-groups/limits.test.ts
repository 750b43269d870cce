import { describe, expect, it } from 'vitest';
import { parseLimits } from './limits.ts';

describe('parseLimits', () => {
  it.each([
    ['512m', 512 * 2 ** 20],
    ['512M', 512 * 2 ** 20],
    ['2g', 2 ** 31],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['8388608', 2 ** 23],
    ['8192kb', 2 ** 23],
  ])('reads %s of memory', (memory, memoryBytes) => {
    expect(parseLimits({ memory })).toEqual({ memoryBytes });
  });

  it('reads them all, or none', () => {
    expect(parseLimits({ cpus: '1.5', pids: '20' })).toEqual({ cpus: 1.5, pids: 20 });
    expect(parseLimits({})).toBeUndefined();
  });

  it.each(['', '-1', '1e9', '1x', '100', '999999999999999t', '0x10', ' 5m', 'max'])(
    'refuses "%s" of memory',
    (memory) => {
      expect(() => parseLimits({ memory })).toThrowWithCode('ANYARCH_USAGE');
    },
  );

  it.each([{ cpus: '0' }, { cpus: '-1' }, { cpus: '1,5' }, { pids: '0' }, { pids: '1.5' }, { pids: 'max' }])(
    'refuses %o',
    (texts) => {
      expect(() => parseLimits(texts)).toThrowWithCode('ANYARCH_USAGE');
    },
  );
});
