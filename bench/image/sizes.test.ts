import { describe, expect, test } from 'vitest';
import { sizeCells, sizeText } from './sizes.ts';
import type { SizeRow } from './sizes.ts';

const row = (name: string, compressed: number, unpacked: number): SizeRow => ({
  name,
  outcome: 'measured',
  compressed,
  unpacked,
});

describe('sizes', () => {
  test('are told in the unit that people compare them in', () => {
    expect([0, 999, 230_400, 999_499, 999_500, 93_450_000].map(sizeText)).toEqual([
      '0 kB',
      '1 kB',
      '230 kB',
      '999 kB',
      '1.0 MB',
      '93.5 MB',
    ]);
  });

  test('stand beside their ratio to the baseline, by what is transferred', () => {
    const rows = [row('ours', 200_000, 400_000), row('other', 5_000_000, 9_000_000)];
    expect(sizeCells({ title: 'Size', baseline: 'ours', rows })).toEqual([
      ['Size', 'compressed', 'unpacked', '÷ ours', ''],
      ['ours', '200 kB', '400 kB', '1.00 ×', ''],
      ['other', '5.0 MB', '9.0 MB', '25 ×', ''],
    ]);
  });

  test('have no ratio without a baseline, and no row for what is missing', () => {
    const rows: SizeRow[] = [
      { name: 'ours', outcome: 'missing', reason: 'not built' },
      row('other', 1000, 2000),
    ];
    expect(sizeCells({ title: 'Size', baseline: 'ours', rows })).toEqual([
      ['Size', 'compressed', 'unpacked', ''],
      ['other', '1 kB', '2 kB', ''],
    ]);
  });
});
