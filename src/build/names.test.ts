import { expect, it } from 'vitest';
import { parsePlatform } from '../core/platform.ts';
import { imageNameOf, platformName, requireDistinct, tagOf } from './names.ts';
import { parseOutput } from './output.ts';

it('gives names their tag', () => {
  expect(imageNameOf('app')).toBe('app:latest');
  expect(imageNameOf('localhost:5000/team/app:1')).toBe('localhost:5000/team/app:1');
  expect(tagOf('app')).toBe('latest');
  expect(() => imageNameOf(`app@sha256:${'a'.repeat(64)}`)).toThrowWithCode('ANYARCH_USAGE');
  expect(() => imageNameOf('App')).toThrowWithCode('ANYARCH_REFERENCE_INVALID');
});

it('gives each platform a name of its own', () => {
  expect(platformName('app:1', parsePlatform('arm64'))).toBe('app:1-arm64');
  expect(platformName('app:1', parsePlatform('arm/v7'))).toBe('app:1-arm-v7');
  expect(() => {
    requireDistinct(['app:1', 'app:1-arm64', 'app:1-arm64']);
  }).toThrowWithCode('ANYARCH_USAGE');
});

it('reads where to write to', () => {
  expect(parseOutput('oci:out', '/here')).toEqual({ kind: 'oci', path: '/here/out' });
  for (const wrong of ['out', 'tar:out', 'oci:', 'oci:a:b'])
    expect(() => parseOutput(wrong, '/here')).toThrowWithCode('ANYARCH_USAGE');
});
