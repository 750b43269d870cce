import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSum } from './check-sum.ts';
import { formatRecipe } from './format.ts';
import { recipeName, toolTreeMount } from './mount.ts';
import { parseRecipe } from './parse.ts';
import type { Recipe, RecipeAlternative, RecipeLibrary, RecipeNative } from './recipe.ts';
import { decodeWord, encodeWord } from './word.ts';

const smallest: RecipeAlternative = {
  size: 1975064,
  xxh64: 'e378ffbd025efeb1',
  libraries: [],
  exec: '/dev/.anyarch/abc234/bin/as',
};

const library: RecipeLibrary = { path: '/lib/x', size: 1, buildId: 'ab', xxh64: undefined };
const native: RecipeNative = { path: `${toolTreeMount}/x`, size: 1, changedAt: 1n };

/** All fields, as they are read. */
const whole: RecipeAlternative = {
  ...smallest,
  libraries: [
    { path: '/lib/a b.so', size: 10, buildId: 'ab12', xxh64: '0123456789abcdef' },
    { path: '/lib/c.so', size: 11, buildId: 'cd34', xxh64: undefined },
  ],
  natives: [{ path: '/dev/.anyarch/abc234/li b', size: 12, changedAt: 1795321319123456789n }],
  at: ['/usr/bin/gcc'],
  called: ['gcc', 'cc'],
  first: ['gc', 'x y'],
  bail: ['-fplugin', '@'],
  bailarg: ['%'],
  anyarg: ['-c'],
  contains: ['proc/'],
  script: ['ulimit', 'a b'],
  bailenv: ['GCC_EXEC_PREFIX'],
  needenv: ['GOARCH'],
  need: ['-'],
  unless: ['/etc/x'],
  sibling: [{ option: '-include', suffix: '.gch' }],
  same: [{ path: '/opt/l b', other: '/lib/b' }],
  holds: [{ path: '/etc/n s', word: 'com pat' }],
  map: [{ from: '/usr/lib/ü', to: '/dev/.anyarch/abc234' }],
  insert: ['--one', 'two\nlines'],
  arg0: 'as',
};

describe('a recipe', () => {
  it('is written as the interposer reads it', () => {
    expect(formatRecipe({ alternatives: [whole, smallest] })).toBe(`anyarch-recipe 1
for 1975064 e378ffbd025efeb1
called gcc
called cc
at /usr/bin/gcc
first gc
first x%20y
bail -fplugin
bail @
bailarg %25
anyarg -c
contains proc/
bailenv GCC_EXEC_PREFIX
needenv GOARCH
need -
unless /etc/x
sibling -include .gch
holds /etc/n%20s com%20pat
script ulimit
script a%20b
same /opt/l%20b /lib/b
native /dev/.anyarch/abc234/li%20b 12 1795321319123456789
lib /lib/a%20b.so 10 ab12 0123456789abcdef
lib /lib/c.so 11 cd34 -
map /usr/lib/%c3%bc /dev/.anyarch/abc234
insert --one
insert two%0alines
arg0 as
exec /dev/.anyarch/abc234/bin/as
for 1975064 e378ffbd025efeb1
exec /dev/.anyarch/abc234/bin/as
sum 4c034a8dc000de44
`);
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        expect(parseRecipe(formatRecipe(recipe))).toEqual(recipe);
      }),
    );
  });

  it('is refused with any byte changed, left out or put in', () => {
    const text = formatRecipe({ alternatives: [whole, smallest] });
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 2 }), fc.nat(2), (at, other, removed) => {
        const changed = text.slice(0, at) + other + text.slice(at + removed);
        fc.pre(changed !== text);
        expect(() => parseRecipe(changed)).toThrowWithCode('ANYARCH_RECIPE_INVALID');
      }),
    );
  });

  it('is refused or read again, never misunderstood, whatever has a right sum', () => {
    const line = fc.constantFrom(
      ...formatRecipe({ alternatives: [whole] })
        .split('\n')
        .slice(1, -2),
      'for 1 x',
      'lib /x y z',
      'lib /x 1 ab',
      'lib /x 1 ab 0123456789abcdef x',
      'native /dev/.anyarch/x 1 -1',
      'native /dev/.anyarch/x 1 99999999999999999999',
      'native /dev/.anyarch/x 1',
      'bail',
      'bail a b',
      '',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const body = ['anyarch-recipe 1', ...lines].map((one) => `${one}\n`).join('');
        const recipe = tried(`${body}sum ${checkSum(body)}\n`);
        const again = recipe === undefined ? undefined : parseRecipe(formatRecipe(recipe));
        expect(again).toEqual(recipe);
        expect(recipe === undefined || lines.filter((one) => one.startsWith('exec')).length > 0).toBe(true);
      }),
    );
  });

  it.each<[string, Partial<RecipeAlternative>]>([
    ['a size that is none', { size: -1 }],
    ['half a byte', { size: 1.5 }],
    ['a hash in capitals', { xxh64: 'E378FFBD025EFEB1' }],
    ['a program elsewhere', { exec: '/bin/as' }],
    ['a program that leaves the mount', { exec: `${toolTreeMount}/../../bin/as` }],
    ['the mount itself', { exec: `${toolTreeMount}/` }],
    ['an empty word', { bail: [''] }],
    ['a zero byte', { insert: ['a\0b'] }],
    ['a map from nothing', { map: [{ from: '', to: 'x' }] }],
    ['a library without an absolute path', { libraries: [{ ...library, path: 'lib/x' }] }],
    ['a library without a build id', { libraries: [{ ...library, buildId: '' }] }],
    ['a library with half a hash', { libraries: [{ ...library, xxh64: 'e378' }] }],
    ['a native file elsewhere', { natives: [{ ...native, path: '/bin/as' }] }],
    ['a native file that leaves the mount', { natives: [{ ...native, path: `${toolTreeMount}/../x` }] }],
    ['a native file before 1970', { natives: [{ ...native, changedAt: -1n }] }],
    ['a native file without a size', { natives: [{ ...native, size: Number.NaN }] }],
    ['an empty word to look for', { contains: [''] }],
    ['an empty word to look for in scripts', { script: [''] }],
    ['an empty suffix', { sibling: [{ option: '-x', suffix: '' }] }],
    ['a relative file to look into', { holds: [{ path: 'etc/x', word: 'y' }] }],
    ['a variable with a value', { bailenv: ['A=1'] }],
    ['a relative path of its own', { at: ['bin/x'] }],
    ['a relative path beside', { same: [{ path: '/x', other: 'y' }] }],
    ['a relative path', { unless: ['etc/x'] }],
    ['more than the interposer reads', { bail: Array.from({ length: 3000 }, () => '-fplugin') }],
  ])('is not written with %s', (_, change) => {
    expect(() => formatRecipe({ alternatives: [{ ...smallest, ...change }] })).toThrowWithCode(
      'ANYARCH_RECIPE_INVALID',
    );
  });

  it('is not written without an alternative', () => {
    expect(() => formatRecipe({ alternatives: [] })).toThrowWithCode('ANYARCH_RECIPE_INVALID');
  });

  it('is named by the build id, else by the size', () => {
    expect(recipeName({ buildId: 'ab12', size: 5 })).toBe('ab12');
    expect(recipeName({ buildId: undefined, size: 5 })).toBe('s5');
  });
});

describe('a word', () => {
  it('is visible ASCII and comes back', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(encodeWord(text)).toMatch(/^[!-~]+$/);
        expect(decodeWord(encodeWord(text))).toBe(text);
      }),
    );
  });

  it.each(['', ' ', 'a b', '%', '%2', '%zz', '%00', 'ü', 'a\n'])('is not %j', (word) => {
    expect(decodeWord(word)).toBeUndefined();
  });
});

it('the sum is FNV-1a', () => {
  // Known answers of its authors: http://www.isthe.com/chongo/src/fnv/test_fnv.c
  expect(checkSum('')).toBe('cbf29ce484222325');
  expect(checkSum('foobar')).toBe('85944171f73967e8');
});

const texts = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => !text.includes('\0'));
const names = texts.filter((text) => !text.includes('='));
const paths = texts.map((text) => `/${text}`);
const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.nat(15).map((digit) => digit.toString(16)), minLength: length, maxLength: length });
const few = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 3 });
const sizes = fc.nat(2 ** 31);
const recipes: fc.Arbitrary<Recipe> = fc.record({
  alternatives: fc.array(
    fc.record({
      size: sizes,
      xxh64: hex(16),
      libraries: few(
        fc.record({
          path: paths,
          size: sizes,
          buildId: hex(40),
          xxh64: fc.option(hex(16), { nil: undefined }),
        }),
      ),
      natives: few(
        fc.record({
          path: hex(6).map((set) => `${toolTreeMount}/${set}/x y`),
          size: sizes,
          changedAt: fc.bigInt(0n, 2n ** 63n - 1n),
        }),
      ),
      at: few(paths),
      called: few(texts),
      first: few(texts),
      bail: few(texts),
      bailarg: few(texts),
      anyarg: few(texts),
      contains: few(texts),
      script: few(texts),
      bailenv: few(names),
      needenv: few(names),
      need: few(texts),
      unless: few(paths),
      sibling: few(fc.record({ option: texts, suffix: texts })),
      same: few(fc.record({ path: paths, other: paths })),
      holds: few(fc.record({ path: paths, word: texts })),
      map: few(fc.record({ from: texts, to: texts })),
      insert: few(texts),
      arg0: fc.option(texts, { nil: undefined }),
      exec: hex(6).map((set) => `${toolTreeMount}/${set}/bin/x y`),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

function tried(text: string): Recipe | undefined {
  try {
    return parseRecipe(text);
  } catch {
    return undefined;
  }
}
