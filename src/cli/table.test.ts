import { expect, it } from 'vitest';
import { formatColumns } from './table.ts';

it('aligns columns, leaves no blanks at line ends, and does not count colours', () => {
  expect(
    formatColumns([
      ['a', '\x1b[1mbb\x1b[22m', 'c'],
      ['dddd', 'e', ''],
      ['', 'f'],
    ]),
  ).toBe('a     \x1b[1mbb\x1b[22m  c\ndddd  e\n      f\n');
});
