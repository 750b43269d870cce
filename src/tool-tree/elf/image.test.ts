import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../../core/error.ts';
import { missingFor, readLinking } from './closure.ts';
import { dynamicSymbols } from './dynamic-symbols.ts';
import { addressesOfText, openImage, pointersTo, textAt } from './image.ts';
import { replaceInterpreter } from './interpreter.ts';
import { neededLibraries } from './needed.ts';
import { replaceTexts } from './replace-text.ts';
import { buildLinkedImage } from './testing/linked-image.ts';
import type { LinkedImage } from './testing/linked-image.ts';

const interpreter = '/lib64/ld-linux-x86-64.so.2';
const kinds = [
  ['x86-64', { class: 64, endianness: 'little' }],
  ['armhf', { class: 32, endianness: 'little' }],
  ['s390x', { class: 64, endianness: 'big' }],
] as const;

function imageOf(kind: Pick<LinkedImage, 'class' | 'endianness'>): LinkedImage {
  return {
    ...kind,
    interpreter,
    needed: ['libz.so.1', 'libc.so.6'],
    symbols: [{ name: 'table', data: 'table' }, { name: 'inflate' }, { name: 'maybe', isWeak: true }],
    data: [
      { name: 'text', parts: ['/usr/include'] },
      { name: 'table', parts: [{ pointerTo: 'text' }, { pointerTo: undefined }] },
    ],
  };
}

describe.each(kinds)('a program of %s', (_name, kind) => {
  const { bytes, places } = buildLinkedImage(imageOf(kind));
  const image = openImage(bytes);

  it('leads from a text to the pointers to it, and back', () => {
    const [address = 0] = addressesOfText(image, '/usr/include');
    expect(pointersTo(image, address)).toEqual([places.get('table')]);
    expect(textAt(image, address)).toBe('/usr/include');
    expect(textAt(image, 1)).toBeUndefined();
  });

  it('tells what it exports and needs', () => {
    expect(
      dynamicSymbols(image).map(({ name, size, isDefined, isWeak }) => [name, size, isDefined, isWeak]),
    ).toEqual([
      ['table', 2 * image.pointerSize, true, false],
      ['inflate', 0, false, false],
      ['maybe', 0, false, true],
    ]);
    expect(neededLibraries(image)).toEqual(['libz.so.1', 'libc.so.6']);
  });

  it('gets another loader in place', () => {
    const changed = bytes.slice();
    replaceInterpreter(changed, interpreter, '/dev/.anyarch/abc234/ld');
    expect(changed.length).toBe(bytes.length);
    expect(Buffer.from(changed).toString('latin1')).toContain('/dev/.anyarch/abc234/ld\0\0\0\0\0');
    expect(() => {
      replaceInterpreter(changed, interpreter, '/x');
    }).toThrowWithCode('ANYARCH_TOOL_UNADAPTABLE');
    expect(() => {
      replaceInterpreter(bytes.slice(), interpreter, '/dev/.anyarch/abc234/loader0');
    }).toThrow(/does not fit/);
    expect(() => {
      replaceInterpreter(bytes.slice(), undefined, '/x');
    }).toThrow(/no loader/);
  });
});

describe('missingFor', () => {
  const kind = { class: 64, endianness: 'little' } as const;
  const program = readLinking(openImage(buildLinkedImage(imageOf(kind)).bytes));
  const library = (symbols: readonly string[], needed: readonly string[] = []) =>
    readLinking(
      openImage(
        buildLinkedImage({
          ...kind,
          needed,
          symbols: symbols.map((name) => ({ name, data: 'code' })),
          data: [{ name: 'code', parts: ['x'] }],
        }).bytes,
      ),
    );

  it.each<[string, [string, ReturnType<typeof library>][], string | undefined]>([
    [
      'all there',
      [
        ['libz.so.1', library(['inflate'])],
        ['libc.so.6', library([])],
      ],
      undefined,
    ],
    ['a library missing', [['libz.so.1', library(['inflate'])]], 'the library libc.so.6 is not there'],
    [
      'a library of a library missing',
      [
        ['libz.so.1', library(['inflate'], ['libm.so.6'])],
        ['libc.so.6', library([])],
      ],
      'the library libm.so.6 is not there',
    ],
    [
      'a symbol missing, a weak one not',
      [
        ['libz.so.1', library([])],
        ['libc.so.6', library([])],
      ],
      'the symbol inflate is in none of its libraries',
    ],
  ])('%s', (_name, libraries, expected) => {
    expect(missingFor(program, new Map(libraries))).toBe(expected);
  });
});

describe('replaceTexts', () => {
  it('replaces as often as expected, or nothing fits', () => {
    const bytes = Buffer.from('a/one/b/one/');
    replaceTexts(bytes, [{ from: '/one/', to: '/2/', count: 2 }]);
    expect(bytes.toString('latin1')).toBe('a/2/\0\0b/2/\0\0');
    expect(() => {
      replaceTexts(bytes, [{ from: '/2/', to: '/3/', count: 1 }]);
    }).toThrow('is 2 times in the file, not 1 times');
    expect(() => {
      replaceTexts(bytes, [{ from: '/2/', to: '/long/', count: 2 }]);
    }).toThrowWithCode('ANYARCH_TOOL_UNADAPTABLE');
  });

  it('never takes the end of a text away', () => {
    const bytes = Buffer.from('\0/usr/lib\0next');
    expect(() => {
      replaceTexts(bytes, [{ from: '\0/usr/lib\0', to: '\0/set/libs', count: 1 }]);
    }).toThrow(/is longer/);
    expect(() => {
      replaceTexts(bytes, [{ from: '\0/usr/lib\0', to: '\0/set/lib1', count: 1 }]);
    }).toThrow(/is longer/);
    replaceTexts(bytes, [{ from: '\0/usr/lib\0', to: '\0/set/lib', count: 1 }]);
    expect(bytes.toString('latin1')).toBe('\0/set/lib\0next');
  });
});

it('damaged programs end with a coded error or none', () => {
  const whole = buildLinkedImage(imageOf({ class: 64, endianness: 'little' })).bytes;
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 });
  fc.assert(
    fc.property(changes, fc.nat(), (damage, length) => {
      const bytes = whole.slice(0, 1 + (length % whole.length));
      for (const [position, value] of damage) bytes[position % bytes.length] = value;
      expect(errorOf(bytes)).toSatisfy((error) => error === undefined || error instanceof AnyarchError);
    }),
    { numRuns: 2000 },
  );
});

function errorOf(bytes: Uint8Array): unknown {
  try {
    missingFor(readLinking(openImage(bytes)), new Map());
    replaceInterpreter(bytes, interpreter, '/x');
    return undefined;
  } catch (error) {
    return error;
  }
}
