import { describe, expect, it } from 'vitest';
import { formatImagePlatform, imagePlatform, type ImagePlatform } from '../core/oci/image-platform.ts';
import { parsePlatform } from '../core/platform.ts';
import { acceptablePlatforms, chooseByPlatform } from './choose-platform.ts';

const platform = (text: string): ImagePlatform => {
  const [os = '', architecture = '', variant] = text.split('/');
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
};

function choose(has: readonly string[], wanted: string | undefined, isOwnWord = false): string {
  const candidates = has.map((text) => ({ platform: platform(text), isOwnWord }));
  const named = wanted === undefined ? undefined : imagePlatform(parsePlatform(wanted));
  const own = platform('linux/amd64');
  return formatImagePlatform(chooseByPlatform(candidates, { named, own }, 'the image').platform);
}

const many = ['linux/arm/v5', 'linux/arm/v6', 'linux/arm/v7', 'linux/arm64/v8', 'linux/386', 'linux/amd64'];

describe('chooseByPlatform', () => {
  it.each([
    ['arm', 'linux/arm/v7'],
    ['linux/arm/v7', 'linux/arm/v7'],
    ['arm/v6', 'linux/arm/v6'],
    ['armel', 'linux/arm/v5'],
    ['armhf', 'linux/arm/v7'],
    ['aarch64', 'linux/arm64/v8'],
    ['i386', 'linux/386'],
    [undefined, 'linux/amd64'],
  ])('of many, %s is %s', (wanted, chosen) => {
    expect(choose(many, wanted)).toBe(chosen);
  });

  it('takes the next lower variant, never a higher one', () => {
    expect(choose(['linux/arm/v5', 'linux/arm/v6'], 'arm/v7')).toBe('linux/arm/v6');
    expect(() => choose(['linux/arm/v7'], 'arm/v6')).toThrowWithCode('ANYARCH_PLATFORM_NOT_FOUND');
    expect(choose(['linux/arm'], 'arm/v7')).toBe('linux/arm');
  });

  it('believes a lone image that does not name its variant, but no list', () => {
    expect(choose(['linux/arm'], 'arm/v6', true)).toBe('linux/arm');
    expect(() => choose(['linux/arm'], 'arm/v6')).toThrowWithCode('ANYARCH_PLATFORM_NOT_FOUND');
  });

  it('takes the only one for Linux where nothing is named', () => {
    expect(choose(['linux/s390x'], undefined)).toBe('linux/s390x');
    expect(choose(['windows/amd64', 'linux/s390x'], undefined)).toBe('linux/s390x');
  });

  it.each([
    [['linux/arm64', 'linux/s390x'], undefined, 'it has linux/arm64, linux/s390x; choose one with -a'],
    [['linux/arm64'], 's390x', 'it has linux/arm64; choose one with -a'],
    [['windows/amd64'], undefined, 'it has windows/amd64'],
    [[], undefined, 'it has no image at all'],
  ])('of %o, without %s, lists what there is', (has, wanted, hint) => {
    expect(() => choose(has, wanted)).toThrowWithCode('ANYARCH_PLATFORM_NOT_FOUND');
    expect(() => choose(has, wanted)).toThrow(expect.objectContaining({ hint }) as Error);
  });

  it('knows which variants run which', () => {
    const list = (text: string) => acceptablePlatforms(platform(text)).map(formatImagePlatform);
    expect(list('linux/arm/v7')).toEqual(['linux/arm/v7', 'linux/arm/v6', 'linux/arm/v5']);
    expect(list('linux/amd64/v3')).toEqual(['linux/amd64/v3', 'linux/amd64/v2', 'linux/amd64/v1']);
    expect(list('linux/s390x')).toEqual(['linux/s390x']);
  });
});
