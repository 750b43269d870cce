import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../../core/error.ts';
import { headerOf, makeTar, memberBlocks, withChecksum } from '../testing/tar-maker.ts';
import type { Member } from '../testing/tar-maker.ts';
import type { TarEntry } from './entry.ts';
import { createTarReader } from './reader.ts';

type Read = TarEntry & { readonly content: string };

/** Everything in a tar that comes in pieces of this size. */
function readAll(tar: Buffer, pieceSize = tar.length): Read[] {
  const read: Read[] = [];
  let current: { readonly entry: TarEntry; content: string } | undefined;
  const reader = createTarReader({
    open: (entry) => {
      current = { entry, content: '' };
    },
    data: (piece) => {
      if (current !== undefined) current.content += piece.toString('latin1');
    },
    close: () => {
      if (current !== undefined) read.push({ ...current.entry, content: current.content });
    },
  });
  for (let at = 0; at < tar.length; at += pieceSize) reader.push(tar.subarray(at, at + pieceSize));
  reader.end();
  return read;
}

const readOne = (member: Member): Read | undefined => readAll(makeTar([member]))[0];

describe('a tar reader', () => {
  it('reads names as bytes, whatever their encoding', () => {
    expect(readOne({ path: 'caf\xe9' })?.path).toBe('caf\xe9');
    expect(readOne({ path: 'x', pax: { path: Buffer.from([0xff, 0xfe]) } })?.path).toBe('\xff\xfe');
  });

  it('takes long names from PAX, from GNU and from the prefix of ustar', () => {
    const long = `${'d'.repeat(120)}/${'f'.repeat(120)}`;
    expect(readOne({ path: long })?.path).toBe(long);
    const gnu = [
      ...memberBlocks({ path: '././@LongLink', type: 'L', content: `${long}\0` }),
      ...memberBlocks({ path: '././@LongLink', type: 'K', content: 'target\0' }),
      ...memberBlocks({ path: 'short', type: '2' }),
    ];
    expect(readAll(Buffer.concat(gnu))[0]).toMatchObject({ path: long, link: 'target', kind: 'symlink' });
    const header = headerOf({ path: 'name' });
    header.write('some/prefix', 345, 'latin1');
    expect(readAll(withChecksum(header))[0]?.path).toBe('some/prefix/name');
  });

  it('reads large and negative numbers in base 256, and those of PAX before them', () => {
    expect(readOne({ path: 'x', uid: 3_000_000_000, mtime: -86_400 })).toMatchObject({
      uid: 3_000_000_000,
      mtime: -86_400,
    });
    const pax = { uid: '7', gid: '8', mtime: '-1.5' };
    expect(readOne({ path: 'x', uid: 1, pax })).toMatchObject({ uid: 7, gid: 8, mtime: -1.5 });
    expect(() => readOne({ path: 'x', uid: -1 })).toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('keeps the bytes of extended attributes', () => {
    const value = Buffer.from([1, 0, 0, 2, 0xff, 0x0a, 0x3d]);
    const read = readOne({ path: 'x', pax: { 'SCHILY.xattr.security.capability': value } });
    expect(read?.xattrs.get('security.capability')).toEqual(value);
    expect(readAll(makeTar([{ path: 'x', pax: { comment: 'c' } }, { path: 'y' }]))[1]?.xattrs.size).toBe(0);
  });

  it('gives no content to what is no file, whatever its header says', () => {
    const [link, file] = readAll(
      Buffer.concat([
        headerOf({ path: 'l', type: '1', link: 't', size: 600 }),
        ...memberBlocks({ path: 'f' }),
      ]),
    );
    expect(link).toMatchObject({ kind: 'hardlink', size: 0 });
    expect(file?.path).toBe('f');
  });

  it('does without the end of an archive, and passes over what follows it', () => {
    expect(readAll(makeTar([{ path: 'x' }], { end: false }))).toHaveLength(1);
    expect(readAll(Buffer.concat([makeTar([{ path: 'x' }]), Buffer.from('garbage')]))).toHaveLength(1);
  });

  it.each<[string, Buffer]>([
    ['ends in a header', makeTar([{ path: 'x' }]).subarray(0, 300)],
    ['ends in a file', makeTar([{ path: 'x', size: 10_000 }], { end: false })],
    ['ends behind a PAX header', makeTar([{ path: 'x', pax: { path: 'y' } }]).subarray(0, 1024)],
    ['has a wrong checksum', corrupted(makeTar([{ path: 'x' }]), 0)],
    ['goes on behind a block of zeros', Buffer.concat([Buffer.alloc(512), makeTar([{ path: 'x' }])])],
    ['has a sparse file', makeTar([{ path: 'x', type: 'S' }])],
    ['has a sparse file in PAX', makeTar([{ path: 'x', pax: { 'GNU.sparse.major': '1' } }])],
    ['has a member of an unknown type', makeTar([{ path: 'x', type: '?' }])],
    ['has a NUL in a name', makeTar([{ path: 'x', pax: { path: 'a\0b' } }])],
    ['has a PAX record of a wrong length', makeTar([{ path: 'p', type: 'x', content: '99 path=x\n' }])],
    ['has a PAX size that is no number', makeTar([{ path: 'x', pax: { size: '-1' } }])],
    ['has a gigantic PAX header', makeTar([{ path: 'p', type: 'x', size: 1 << 21 }])],
    ['has a size beyond all numbers', makeTar([{ path: 'x', pax: { size: '9'.repeat(19) } }])],
  ])('refuses one that %s', (_what, tar) => {
    expect(() => readAll(tar)).toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('reads the same in pieces of any size', () => {
    const members = fc.array(
      fc.record({
        path: fc
          .string({ minLength: 1, maxLength: 200, unit: 'grapheme-ascii' })
          .filter((path) => !path.endsWith('/')),
        content: fc.string({ maxLength: 1500, unit: 'grapheme-ascii' }),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(members, fc.integer({ min: 1, max: 2000 }), (all, pieceSize) => {
        const tar = makeTar(all);
        const read = readAll(tar, pieceSize);
        expect(read.map(({ path, content }) => ({ path, content }))).toEqual(all);
        expect(readAll(tar)).toEqual(read);
      }),
      { numRuns: 60 },
    );
  });

  it('ends with a code or reads, whatever is damaged', () => {
    const tar = makeTar([{ path: 'a/' }, { path: 'a/b', content: 'c', pax: { 'SCHILY.xattr.user.x': 'y' } }]);
    fc.assert(
      fc.property(fc.nat({ max: tar.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const damaged = Buffer.from(tar);
        damaged[at] = byte;
        expect([undefined, 'ANYARCH_IMAGE_INVALID']).toContain(failureOf(() => readAll(damaged)));
      }),
      { numRuns: 500 },
    );
  });
});

function corrupted(tar: Buffer, at: number): Buffer {
  const copy = Buffer.from(tar);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function failureOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof AnyarchError ? error.code : String(error);
  }
}
