import { describe, expect, it } from 'vitest';
import { cacheDirectory } from './cache-directory.ts';
import { stateDirectory } from './state-directory.ts';

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

  it('takes the home of the user database where HOME says nothing', () => {
    expect(cacheDirectory({ uid: 1000, environment: {}, home: '/home/b' })).toBe('/home/b/.cache/anyarch');
    expect(cacheDirectory({ uid: 1000, environment: { HOME: '/home/a' }, home: '/home/b' })).toBe(
      '/home/a/.cache/anyarch',
    );
    expect(cacheDirectory({ uid: 0, environment: {}, home: '/root' })).toBe('/var/cache/anyarch');
    expect(stateDirectory({ uid: 1000, environment: { HOME: '' }, home: '/home/b' })).toBe(
      '/home/b/.local/share/anyarch',
    );
    expect(() => stateDirectory({ uid: 1000, environment: {} })).toThrowWithCode('ANYARCH_FILE');
  });
});
