import { describe, expect, it } from 'vitest';
import { formatRecipe } from '../../core/recipe/format.ts';
import { parseRecipe } from '../../core/recipe/parse.ts';
import { denied, tools } from './index.ts';

describe('the lists of tools', () => {
  it.each(['12', '14'])('name each program once for guests with GCC %s', (gcc) => {
    const chosen = tools.filter(({ besideGcc = gcc }) => besideGcc === gcc);
    const names = chosen.map(({ name }) => name);
    expect(names).toContain('ld');
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    // One program may be several tools, by its name or by what it is told first.
    const files = chosen.map(
      ({ guest, rules }) =>
        `${guest.package} ${guest.path} ${rules?.called?.join(' ') ?? ''} ${rules?.first?.join(' ') ?? ''}`,
    );
    expect(files.filter((file, index) => files.indexOf(file) !== index)).toEqual([]);
  });

  it('replace nothing that is denied', () => {
    const programs = new Set(tools.map(({ guest }) => guest.path.slice(guest.path.lastIndexOf('/') + 1)));
    expect(denied.map(({ name }) => name).filter((name) => programs.has(name))).toEqual([]);
    expect(new Set(denied.map(({ name }) => name)).size).toBe(denied.length);
  });

  it('give a reason for everything', () => {
    const short = [...tools, ...denied].filter(({ reason }) => reason.length <= 12);
    expect(short.map(({ name }) => name)).toEqual([]);
  });

  it('test every tool', () => {
    expect(tools.filter(({ selfTest }) => (selfTest ?? []).length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('hold what needs care to rules, or take another program for it', () => {
    const careful = tools.filter(({ listed }) => listed === 'care');
    expect(careful.length).toBeGreaterThan(0);
    const unruled = careful.filter(
      ({ rules = {}, adapt, host }) =>
        Object.keys(rules).length === 0 && adapt === undefined && host === undefined,
    );
    expect(unruled.map(({ name }) => name)).toEqual([]);
  });

  it('name files of packages without a leading slash', () => {
    for (const { guest, host, dlopens = [] } of tools)
      for (const { path } of [guest, ...(host === undefined ? [] : [host]), ...dlopens])
        expect(path).toMatch(/^[a-z]/);
  });

  it('emulate whoever asks for what QEMU makes up, of the programs that read files', () => {
    const readers = tools.filter(({ group }) => group === 'base' || group === 'archive');
    expect(readers.length).toBeGreaterThan(50);
    expect(readers.filter(({ rules }) => rules?.contains?.includes('/proc') !== true)).toEqual([]);
  });
});

describe('sort', () => {
  const rules = tools.find(({ name }) => name === 'sort')?.rules;
  const emulated = (...words: string[]): boolean =>
    words.some((word) => rules?.bail?.some((prefix) => word.startsWith(prefix)) === true);

  it.each([
    '-g',
    '-rg',
    '-k2',
    '-k2,2g',
    '-nrk2g',
    '-urg',
    '--sort=general-numeric',
    '--key=1g',
    '-bfg',
    '-zrg',
    '+0g',
    '+1.2gr',
  ])('is emulated with %s, which may ask for long doubles', (word) => {
    expect(emulated(word)).toBe(true);
  });

  it.each(['-n', '-r', '-u', '-nr', '-rn', '-V', '-o', '-t:', '-z', '--unique', '--reverse', 'file', '-'])(
    'is native with %s',
    (word) => {
      expect(emulated(word)).toBe(false);
    },
  );
});

it('fits into recipes', () => {
  for (const { rules } of tools) {
    const alternative = {
      size: 1,
      xxh64: '0123456789abcdef',
      libraries: [],
      ...rules,
      exec: '/dev/.anyarch/abc234/bin/x',
    };
    const text = formatRecipe({ alternatives: [alternative] });
    // Libraries come to it, and a second alternative for a point release.
    expect(text.length).toBeLessThan(6 * 1024);
    expect(parseRecipe(text).alternatives).toMatchObject([alternative]);
  }
});
