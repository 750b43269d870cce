import { expect, it } from 'vitest';
import { formatColumns, headRow, painted } from './table.ts';

const bold = (text: string) => `\x1b[1m${text}\x1b[22m`;

it('aligns columns, leaves no blanks at line ends, and does not count colours', () => {
  expect(
    formatColumns([
      ['a', painted(bold, 'bb'), 'c'],
      ['dddd', 'e', ''],
      ['', 'f'],
    ]),
  ).toBe('a     \x1b[1mbb\x1b[22m  c\ndddd  e\n      f\n');
  expect(formatColumns([headRow(bold, ['A', 'B'])])).toBe('\x1b[1mA\x1b[22m  \x1b[1mB\x1b[22m\n');
});

it('lets no escape sequence and no line break of a cell through, painted or not', () => {
  const hostile = '\x1b[2J\u009b\u202e\nok';
  const safe = '\\x1b[2J\\x9b\\u202e\\x0aok';
  expect(formatColumns([[hostile, 'x'], [painted(bold, hostile)]])).toBe(`${safe}  x\n${bold(safe)}\n`);
});
