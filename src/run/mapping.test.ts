import { describe, expect, it } from 'vitest';
import { parseIdMap, parseSubordinateIds } from './mapping.ts';

describe('parseSubordinateIds', () => {
  const text = 'other:100000:65536\nme:165536:65536\n1000:300000:10\nme:bad:1\n\nme:5:0\n';

  it("finds a user's ranges by name and by number", () => {
    expect(parseSubordinateIds(text, 'me', 1000)).toEqual([
      { start: 165536, count: 65536 },
      { start: 300000, count: 10 },
    ]);
  });

  it('finds nothing for others', () => {
    expect(parseSubordinateIds(text, 'you', 1001)).toEqual([]);
  });
});

describe('parseIdMap', () => {
  it("reads the kernel's columns", () => {
    expect(parseIdMap('         0       1000          1\n         1     100000      65536\n')).toEqual([
      { inside: 0, outside: 1000, count: 1 },
      { inside: 1, outside: 100000, count: 65536 },
    ]);
  });
});
