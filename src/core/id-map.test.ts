import { describe, expect, it } from 'vitest';
import { idInside, parseIdMap } from './id-map.ts';

describe('parseIdMap', () => {
  it("reads the kernel's columns", () => {
    expect(parseIdMap('         0       1000          1\n         1     100000      65536\n')).toEqual([
      { inside: 0, outside: 1000, count: 1 },
      { inside: 1, outside: 100000, count: 65536 },
    ]);
  });
});

it('translates the ids that are mapped, and no others', () => {
  const map = parseIdMap('0 1000 1\n1 100000 65536\n');
  expect([1000, 100_000, 165_535].map((id) => idInside(map, id))).toEqual([0, 1, 65_536]);
  expect([0, 999, 1001, 99_999, 165_536].map((id) => idInside(map, id))).toEqual(Array(5).fill(undefined));
});
