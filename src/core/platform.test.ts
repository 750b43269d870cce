import { describe, expect, it } from 'vitest';
import { architectures, findArchitecture } from './architecture.ts';
import { debianArchitectureOf, formatPlatform, parsePlatform } from './platform.ts';

describe('parsePlatform', () => {
  it.each([
    ['linux/arm64', 'linux/arm64', 'arm64'],
    ['linux/arm64/v8', 'linux/arm64', 'arm64'],
    ['linux/arm64/v9', 'linux/arm64/v9', 'arm64'],
    ['aarch64', 'linux/arm64', 'arm64'],
    ['linux/arm', 'linux/arm/v7', 'armhf'],
    ['arm/v6', 'linux/arm/v6', 'armel'],
    ['linux/arm/v5', 'linux/arm/v5', 'armel'],
    ['armhf', 'linux/arm/v7', 'armhf'],
    ['armel', 'linux/arm/v5', 'armel'],
    ['armv6l', 'linux/arm/v6', 'armel'],
    ['amd64', 'linux/amd64', 'amd64'],
    ['linux/amd64/v1', 'linux/amd64', 'amd64'],
    ['linux/amd64/v2', 'linux/amd64/v2', 'amd64'],
    ['x86_64', 'linux/amd64', 'amd64'],
    ['i686', 'linux/386', 'i386'],
    ['Linux/PPC64LE', 'linux/ppc64le', 'ppc64el'],
    ['mips64el', 'linux/mips64le', 'mips64el'],
    ['loongarch64', 'linux/loong64', 'loong64'],
  ])('%s is %s, Debian %s', (text, expected, debian) => {
    const platform = parsePlatform(text);
    expect(formatPlatform(platform)).toBe(expected);
    expect(debianArchitectureOf(platform)).toBe(debian);
  });

  it.each([
    '',
    '../x',
    'windows/amd64',
    'linux',
    'linux/',
    'linux/arm/v9',
    'linux/arm64/v8/x',
    'darwin/arm64',
    'hppa',
  ])('refuses %j', (text) => {
    expect(() => parsePlatform(text)).toThrowWithCode('ANYARCH_UNKNOWN_ARCHITECTURE');
  });

  it('keeps the architecture of every platform in the table', () => {
    for (const architecture of architectures) {
      for (const text of architecture.platforms) {
        expect(findArchitecture(formatPlatform(parsePlatform(text))).name).toBe(architecture.name);
      }
    }
  });
});
