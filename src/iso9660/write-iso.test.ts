import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIso } from './testing/read-iso.ts';
import type { IsoFile } from './iso-file.ts';
import { writeIso } from './write-iso.ts';

const modifiedMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

const part = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((name) => name.replaceAll(/[/\0]/g, '-'))
  .filter((name) => name !== '.' && name !== '..' && name.length <= 64 && text(name).length <= 110);
const files = fc
  .uniqueArray(fc.array(part, { minLength: 1, maxLength: 4 }), {
    maxLength: 40,
    selector: (parts) => parts.join('/'),
  })
  // No file where another one has a directory.
  .map((paths) => paths.filter((own) => !paths.some((other) => isBelow(other, own))))
  .chain((paths) =>
    fc
      .array(fc.uint8Array({ maxLength: 5000 }), { minLength: paths.length, maxLength: paths.length })
      .map((contents) =>
        paths.map((parts, index): IsoFile => ({ path: parts.join('/'), content: contents[index]! })),
      ),
  );

describe('writeIso', () => {
  it('is read back by both hierarchies, whatever the files are', () => {
    fc.assert(
      fc.property(files, (given) => {
        const image = writeIso({ volumeId: 'cidata', files: given, modifiedMs });
        const read = readIso(image);
        expect(read.volumeId).toBe('cidata');
        expect(read.bytes).toBe(image.length);
        const wanted = new Map(
          given.map(({ path, content }) => [path, Buffer.from(content).toString('hex')]),
        );
        expect(read.rockRidge).toEqual(wanted);
        expect([...read.joliet.values()].sort()).toEqual([...wanted.values()].sort());
      }),
      { numRuns: 60 },
    );
  });

  it('keeps names of Joliet apart that only differ in characters that it does not have', () => {
    const given = ['a:b', 'a*b', 'a?b'].map((path) => ({ path, content: text(path) }));
    const { joliet } = readIso(writeIso({ volumeId: 'v', files: given, modifiedMs }));
    expect([...joliet.keys()].sort()).toEqual(['a_b', 'a_b1', 'a_b2']);
  });

  it('spreads a directory over sectors', () => {
    const given = Array.from({ length: 200 }, (_, index) => ({
      path: `d/f${index}`,
      content: text(`${index}`),
    }));
    const { rockRidge } = readIso(writeIso({ volumeId: 'v', files: given, modifiedMs }));
    expect(rockRidge.size).toBe(200);
  });

  it.each(['', '/a', 'a/', 'a//b', '..', 'a/./b', 'x'.repeat(65), 'é'.repeat(60), 'a/b/c/d/e/f/g/h'])(
    'refuses the path %j',
    (path) => {
      expect(() => writeIso({ volumeId: 'v', files: [{ path, content: text('') }], modifiedMs })).toThrow(
        RangeError,
      );
    },
  );

  it('refuses the same name twice, and a file where a directory is', () => {
    const twice = (...paths: string[]) => {
      writeIso({ volumeId: 'v', files: paths.map((path) => ({ path, content: text('') })), modifiedMs });
    };
    expect(() => {
      twice('a', 'a');
    }).toThrow(RangeError);
    expect(() => {
      twice('a', 'a/b');
    }).toThrow(RangeError);
  });

  it.each(['', 'x'.repeat(17), 'ü'])('refuses the volume id %j', (volumeId) => {
    expect(() => writeIso({ volumeId, files: [], modifiedMs })).toThrow(RangeError);
  });

  it('refuses times before 1900', () => {
    expect(() => writeIso({ volumeId: 'v', files: [], modifiedMs: Date.UTC(1899, 0) })).toThrow(RangeError);
  });
});

function isBelow(path: readonly string[], directory: readonly string[]): boolean {
  return path.length > directory.length && directory.every((name, index) => path[index] === name);
}
