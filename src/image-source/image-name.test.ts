import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import { formatImageName, parseImageName } from './image-name.ts';

const here = ['layout', 'image.tar', 'sub/layout'];
const surroundings = {
  absolute: (path: string) => (path.startsWith('/') ? path : `/here/${path.replace(/^\.\//, '')}`),
  isImagePath: (path: string) => here.includes(path),
};
const parse = (text: string) => parseImageName(text, surroundings);

/** Undefined where it fails as it may. */
function orCoded<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}

describe('parseImageName', () => {
  it.each([
    ['alpine', 'docker.io/library/alpine:latest'],
    ['docker://alpine', 'docker.io/library/alpine:latest'],
    ['index.docker.io/library/alpine:latest', 'docker.io/library/alpine:latest'],
    ['team/image:1', 'docker.io/team/image:1'],
    ['localhost:5000/a/b', 'localhost:5000/a/b:latest'],
    ['docker://layout', 'docker.io/library/layout:latest'],
    ['oci:dir', 'oci:/here/dir'],
    ['oci:/dir:v1', 'oci:/dir:v1'],
    ['oci:dir:host:5000/a:v1', 'oci:/here/dir:host:5000/a:v1'],
    ['oci-archive:a.tar', 'oci-archive:/here/a.tar'],
    ['docker-archive:/a.tar:busybox:latest', 'docker-archive:/a.tar:busybox:latest'],
    ['containers-storage:localhost/x', 'containers-storage:localhost/x'],
    ['docker-daemon:x:1', 'docker-daemon:x:1'],
    ['./layout', '/here/layout'],
    ['/abs/a.tar', '/abs/a.tar'],
    ['layout', '/here/layout'],
    ['image.tar', '/here/image.tar'],
    ['sub/layout', '/here/sub/layout'],
  ])('%s is %s', (text, canonical) => {
    expect(formatImageName(parse(text))).toBe(canonical);
  });

  it.each([
    '',
    'Alpine',
    'oci:',
    'docker-archive::tag',
    'containers-storage:',
    'containers-storage:--all',
    'docker-daemon:-x',
    'dir:/x',
    'ostree:/x',
    'docker://',
    'a b',
  ])('refuses "%s"', (text) => {
    expect(() => parse(text)).toThrowWithCode('ANYARCH_REFERENCE_INVALID');
  });

  it('gives a name or a coded error, and the same for what it has formatted', () => {
    const words = fc.constantFrom(
      'oci:',
      'docker://',
      'docker-archive:',
      'a',
      '/',
      ':',
      '@',
      '.',
      'A',
      '-',
      '5000',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((parts) => parts.join('')),
        ),
        (text) => {
          const canonical = orCoded(() => formatImageName(parse(text)));
          fc.pre(canonical !== undefined);
          expect(formatImageName(parse(canonical))).toBe(canonical);
        },
      ),
    );
  });
});
