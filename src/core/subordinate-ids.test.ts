import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freeRange, subordinateRanges } from './subordinate-ids.ts';

test('the ranges of a user, by name or number', () => {
  const text = 'other:100000:65536\nme:165536:1000\n1000:300000:10\n# me:1:1\nme:x:1\nme:5:0\n\n';
  expect(subordinateRanges(text, 'me', 1000)).toEqual([
    { start: 165_536, count: 1000 },
    { start: 300_000, count: 10 },
  ]);
  expect(subordinateRanges(text, 'nobody', 65_534)).toEqual([]);
});

test('a free range overlaps no other', () => {
  const range = fc.record({ start: fc.nat(0x8000_0000), count: fc.integer({ min: 1, max: 1_000_000 }) });
  fc.assert(
    fc.property(fc.array(range), fc.array(range), (uids, gids) => {
      const texts = [uids, gids].map((ranges) =>
        ranges.map(({ start, count }) => `user:${start}:${count}\n`).join(''),
      );
      const free = freeRange(texts)!;
      expect(free.start).toBeGreaterThanOrEqual(100_000);
      for (const { start, count } of [...uids, ...gids])
        expect(start + count <= free.start || free.start + free.count <= start).toBe(true);
    }),
  );
});

test('where all ids are taken there is none', () => {
  expect(freeRange(['all:100000:4294867000\n'])).toBeUndefined();
  expect(freeRange([])).toEqual({ start: 100_000, count: 65_536 });
});
