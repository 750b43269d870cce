import { describe, expect, it } from 'vitest';
import { parseVolume } from './volume.ts';

const files = {
  status: (path: string) =>
    path === '/missing' || path === '/home/me/missing'
      ? undefined
      : {
          kind: path.endsWith('.txt') ? ('file' as const) : ('directory' as const),
          size: 0,
          mode: 0,
          uid: 0,
          gid: 0,
          inode: 1,
          modifiedMs: 0,
        },
};

describe('parseVolume', () => {
  it('reads sources from where they were typed', () => {
    expect(parseVolume('src:/src:ro', '/home/me', files)).toEqual({
      source: '/home/me/src',
      target: '/src',
      readOnly: true,
      kind: 'directory',
    });
    expect(parseVolume('/a.txt:/etc/a.txt', '/', files)).toMatchObject({
      source: '/a.txt',
      readOnly: false,
      kind: 'file',
    });
  });

  it.each([
    'a',
    'a:',
    ':/b',
    'a:b',
    'a:/b:rx',
    'a:/b:ro:z',
    'a:/',
    'a:/x/../../y',
    '/missing:/x',
    'missing:/x',
  ])('refuses %s', (text) => {
    expect(() => parseVolume(text, '/home/me', files)).toThrowWithCode('ANYARCH_USAGE');
  });
});
