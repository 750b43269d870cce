import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDigest, parseDigest } from './sums.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const long = 'c'.repeat(128);

describe('findDigest', () => {
  it.each([
    ['sha256sum', `${b}  other.img\n${a}  my.img\n`],
    ['sha256sum --binary', `${a} *my.img\n`],
    ['with a path', `${a}  ./my.img\n`],
    ['BSD', `SHA256 (other.img) = ${b}\nSHA256 (my.img) = ${a}\n`],
    ['with Windows line ends', `${a}  my.img\r\n`],
    ['in capitals', `${a.toUpperCase()}  my.img\n`],
    ['alone', `${a}\n`],
    ['twice the same', `${a}  my.img\n${a}  my.img\n`],
  ])('reads %s', (_, list) => {
    expect(findDigest(list, 'my.img')).toEqual({ algorithm: 'sha256', hex: a });
  });

  it('prefers SHA-512', () => {
    expect(findDigest(`${a}  my.img\n${long}  my.img\n`, 'my.img')).toEqual({
      algorithm: 'sha512',
      hex: long,
    });
  });

  it('does not choose between two', () => {
    expect(findDigest(`${a}  my.img\n${b}  my.img\n`, 'my.img')).toBe('conflict');
  });

  it.each([
    ['other files', `${a}  my.img.asc\n${a}  xmy.img\n`],
    ['SHA-1', `${'a'.repeat(40)}  my.img\n`],
    ['MD5', `MD5 (my.img) = ${'a'.repeat(32)}\n`],
    ['a file with a blank name', `${a}   \n`],
    ['nothing', ''],
  ])('finds nothing in %s', (_, list) => {
    expect(findDigest(list, 'my.img')).toBeUndefined();
  });

  it('never takes the digest of another file', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        fc.pre(name.replace(/^\.\//, '') !== 'my.img' && !/[\r\n]/.test(name) && name !== '');
        expect(findDigest(`${a}  ${name}\n`, 'my.img')).toBeUndefined();
      }),
    );
  });
});

describe('parseDigest', () => {
  it('reads a digest with and without its kind', () => {
    expect(parseDigest(`sha256:${a}`)).toEqual({ algorithm: 'sha256', hex: a });
    expect(parseDigest(long)).toEqual({ algorithm: 'sha512', hex: long });
  });

  it.each([`sha512:${a}`, `md5:${a}`, a.slice(1), ''])('refuses %j', (text) => {
    expect(parseDigest(text)).toBeUndefined();
  });
});
