import { describe, expect, it } from 'vitest';
import { architectureTags, familyTags, parseTag } from './tag.ts';

const content = (name: string) => parseTag(name, '1.2.3').content;

describe('tags', () => {
  it('stand for what predecessors publish under them', () => {
    expect(familyTags('1.2.3').map(({ name, dialect, content: { kind } }) => [name, dialect, kind])).toEqual([
      ['latest', undefined, 'all'],
      ['1.2.3', undefined, 'all'],
      ['register', 'multiarch', 'none'],
      ['binfmt', 'binfmt', 'all'],
      ['qus', 'qus', 'all'],
    ]);
    expect(content('aarch64')).toEqual({ kind: 'one', target: 'aarch64', host: undefined });
    expect(content('x86_64-aarch64')).toEqual({ kind: 'one', target: 'aarch64', host: 'x86_64' });
    expect(content('x86_64-ppc64le-1.2.3')).toEqual({ kind: 'one', target: 'ppc64le', host: 'x86_64' });
    expect(content('arm-1.2.3')).toEqual({ kind: 'one', target: 'arm', host: undefined });
    // Docker's names of architectures too, under the name that was asked for.
    expect(parseTag('arm64', '1.2.3')).toMatchObject({ name: 'arm64', content: { target: 'aarch64' } });
  });

  it.each([
    '',
    'newest',
    'x86_64-x86_64',
    'x86_64-amd64',
    'a-b-c',
    '1.2.4',
    'aarch64-1.2.4',
    'arm/v7',
    '-x',
    '../x',
  ])('refuses "%s"', (name) => {
    expect(() => parseTag(name, '1.2.3')).toThrowWithCode('ANYARCH_USAGE');
  });

  it('has one for each emulator and each host, but none for a host itself', () => {
    expect(architectureTags(['x86_64', 'aarch64'], ['arm64', 's390x']).map(({ name }) => name)).toEqual([
      'aarch64',
      's390x',
      'x86_64-aarch64',
      'x86_64-s390x',
      'aarch64-s390x',
    ]);
  });
});
