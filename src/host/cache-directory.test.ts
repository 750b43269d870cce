import { describe, expect, it } from 'vitest';
import { cacheDirectory } from './cache-directory.ts';

const of = (uid: number, environment: Record<string, string>) => cacheDirectory({ uid, environment });

describe('cacheDirectory', () => {
  it('follows XDG', () => {
    expect(of(1000, { HOME: '/home/a' })).toBe('/home/a/.cache/anyarch');
    expect(of(1000, { HOME: '/home/a', XDG_CACHE_HOME: '/c' })).toBe('/c/anyarch');
    expect(of(1000, { HOME: '/home/a', XDG_CACHE_HOME: 'c' })).toBe('/home/a/.cache/anyarch');
  });

  it('is below ANYARCH_HOME when that is set', () => {
    expect(of(1000, { HOME: '/home/a', ANYARCH_HOME: '/x' })).toBe('/x/cache');
  });

  it('needs a home, except for root', () => {
    expect(of(0, {})).toBe('/var/cache/anyarch');
    expect(() => of(1000, {})).toThrowWithCode('ANYARCH_FILE');
  });
});
