import { describe, expect, it } from 'vitest';
import { architectures, findArchitecture } from './architecture.ts';
import { formatPlatform, parsePlatform } from './platform.ts';

describe('parsePlatform', () => {
  it.each([
    ['linux/arm64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/v9', 'linux/arm64/v9'],
    ['aarch64', 'linux/arm64'],
    ['linux/arm', 'linux/arm/v7'],
    ['arm/v6', 'linux/arm/v6'],
    ['linux/arm/v5', 'linux/arm/v5'],
    ['armhf', 'linux/arm/v7'],
    ['armel', 'linux/arm/v5'],
    ['armv6l', 'linux/arm/v6'],
    ['amd64', 'linux/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v2', 'linux/amd64/v2'],
    ['x86_64', 'linux/amd64'],
    ['i686', 'linux/386'],
    ['Linux/PPC64LE', 'linux/ppc64le'],
    ['mips64el', 'linux/mips64le'],
    ['loongarch64', 'linux/loong64'],
  ])('%s is %s', (text, expected) => {
    expect(formatPlatform(parsePlatform(text))).toBe(expected);
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
