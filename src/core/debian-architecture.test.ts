import { describe, expect, it } from 'vitest';
import { debianArchitecture } from './debian-architecture.ts';

describe('debianArchitecture', () => {
  it.each([
    ['linux/arm64', 'arm64'],
    ['x86_64', 'amd64'],
    ['ppc64le', 'ppc64el'],
    ['arm', 'armhf'],
    ['linux/arm/v7', 'armhf'],
    ['armel', 'armel'],
    ['ARMEL', 'armel'],
    ['linux/arm/v5', 'armel'],
    ['linux/arm/v6', 'armel'],
    ['armv6l', 'armel'],
    ['hexagon', undefined],
  ])('%s is %s', (name, debian) => {
    expect(debianArchitecture(name)).toBe(debian);
  });

  it('does not know every name', () => {
    expect(() => debianArchitecture('arm46')).toThrowWithCode('ANYARCH_UNKNOWN_ARCHITECTURE');
  });
});
