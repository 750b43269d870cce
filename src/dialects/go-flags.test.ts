import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goUsage, parseGoFlags, type GoFlag } from './go-flags.ts';

const flags: readonly GoFlag[] = [
  { name: 'install', kind: 'string', meaning: 'what', fallback: 'x' },
  { name: 'version', kind: 'boolean', meaning: 'which' },
];

const read = (words: readonly string[]) => {
  const parsed = parseGoFlags(words, flags);
  return parsed.kind === 'read' ? [Object.fromEntries(parsed.values), parsed.operands] : parsed.kind;
};

test.each<[readonly string[], unknown]>([
  [[], [{}, []]],
  [
    ['-install', 'a'],
    [{ install: 'a' }, []],
  ],
  [
    ['--install', 'a'],
    [{ install: 'a' }, []],
  ],
  [['-install=a'], [{ install: 'a' }, []]],
  [['--install=a=b'], [{ install: 'a=b' }, []]],
  [['--install='], [{ install: '' }, []]],
  [
    ['--install', '--version'],
    [{ install: '--version' }, []],
  ],
  [
    ['--install', 'a', '--install', 'b'],
    [{ install: 'b' }, []],
  ],
  [['--version'], [{ version: 'true' }, []]],
  [
    ['--version=0', '--install', 'a'],
    [{ version: 'false', install: 'a' }, []],
  ],
  [
    ['--version', 'true'],
    [{ version: 'true' }, ['true']],
  ],
  [['--version=T'], [{ version: 'true' }, []]],
  [['--version=yes'], 'wrong'],
  [['--install'], 'wrong'],
  [
    ['a', '--install', 'b'],
    [{}, ['a', '--install', 'b']],
  ],
  [
    ['--', '--install', 'b'],
    [{}, ['--install', 'b']],
  ],
  [['-'], [{}, ['-']]],
  [
    ['--version', '--', 'x'],
    [{ version: 'true' }, ['x']],
  ],
  [['-h'], 'help'],
  [['--help'], 'help'],
  [['-help=x'], 'help'],
  [['---install', 'a'], 'wrong'],
  [['-=a'], 'wrong'],
  [['--=a'], 'wrong'],
  [['--nonsense'], 'wrong'],
  [['-v'], 'wrong'],
])('%j', (words, expected) => {
  expect(read(words)).toEqual(expected);
});

test('what is written is read again, with one dash or two, attached or not', () => {
  const dashes = fc.constantFrom('-', '--');
  fc.assert(
    fc.property(
      dashes,
      fc.boolean(),
      fc.string(),
      fc.array(fc.string()),
      (dash, attached, value, operands) => {
        const words = attached ? [`${dash}install=${value}`] : [`${dash}install`, value];
        expect(read([...words, '--', ...operands])).toEqual([{ install: value }, operands]);
      },
    ),
  );
});

test('any words at all are read or refused', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('--', '-', '-h', '--install', '--version', '-install=x', '--='),
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(['read', 'help', 'wrong']).toContain(parseGoFlags(words, flags).kind);
    }),
  );
});

test('the usage has the layout of Go programs', () => {
  expect(goUsage(flags)).toBe('  -install string\n    \twhat (default "x")\n  -version\n    \twhich\n');
});
