import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../core/error-code.ts';
import { encodeUtf8 } from '../../../core/text.ts';
import { fakeHost } from '../../../host/testing/index.ts';
import { imagesIn } from './base-images.ts';
import { buildRequest, type BuildCommandOptions } from './build-request.ts';

function host() {
  const found = fakeHost();
  found.files.makeDirectory('/here/app');
  found.files.writeAtomic('/here/app/Dockerfile', encodeUtf8('FROM scratch\n'));
  return found;
}

describe('what is to be built', () => {
  it('has platforms once, in any spelling', () => {
    const options = { tag: ['app'], platform: ['linux/arm64,aarch64', 'arm64/v8', 's390x'] };
    const { platforms, file, context } = buildRequest(host(), options, ['app'], '/here');
    expect(platforms).toEqual([
      { os: 'linux', architecture: 'arm64' },
      { os: 'linux', architecture: 's390x' },
    ]);
    expect({ file, context }).toEqual({ file: '/here/app/Dockerfile', context: '/here/app' });
  });

  it('takes the own options of the engine as they are', () => {
    const { ownOptions } = buildRequest(host(), { tag: ['a'] }, ['app', '--squash', '--x=1'], '/here');
    expect(ownOptions).toEqual(['--squash', '--x=1']);
  });

  it('leaves a URL to the engine', () => {
    const url = 'https://example.org/app.git';
    expect(buildRequest(host(), { tag: ['a'] }, [url], '/here')).toMatchObject({
      context: url,
      file: undefined,
    });
  });

  it.each<[string, BuildCommandOptions, string[], ErrorCode]>([
    ['no name', {}, ['app'], 'ANYARCH_USAGE'],
    ['an option before the directory', { tag: ['a'] }, ['--squash', 'app'], 'ANYARCH_USAGE'],
    ['standard input', { tag: ['a'] }, ['-'], 'ANYARCH_USAGE'],
    ['no directory', { tag: ['a'] }, ['none'], 'ANYARCH_FILE'],
    ['no Dockerfile', { tag: ['a'] }, ['.'], 'ANYARCH_FILE'],
    ['no such Dockerfile', { tag: ['a'], file: 'other' }, ['app'], 'ANYARCH_FILE'],
    [
      'an unknown platform',
      { tag: ['a'], platform: ['linux/none'] },
      ['app'],
      'ANYARCH_UNKNOWN_ARCHITECTURE',
    ],
    ['no platform', { tag: ['a'], platform: [','] }, ['app'], 'ANYARCH_USAGE'],
  ])('is refused with %s', (_, options, positionals, code) => {
    expect(() => buildRequest(host(), options, positionals, '/here')).toThrowWithCode(code);
  });
});

it('finds base images, and neither stages nor variables', () => {
  const text =
    'ARG V=1\nFROM --platform=$BUILDPLATFORM debian:trixie AS Build\nfrom build as again\nFROM scratch\nFROM x:$V\nFROM \\\n  a/b\nRUN echo FROM nothing\n';
  expect(imagesIn(text)).toEqual(['debian:trixie', 'a/b']);
});
