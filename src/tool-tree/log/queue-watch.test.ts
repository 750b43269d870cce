import { expect, it } from 'vitest';
import { queueWatch } from './queue-watch.ts';

it('tells who had nearly a whole queue before it from who had not', () => {
  const watch = queueWatch(8);
  const early = Array.from({ length: 6 }, (_, index) => watch.accepted(100 + index));
  expect(early.map((mayHaveFound) => mayHaveFound(0))).toEqual(early.map(() => false));
  const seventh = watch.accepted(106);
  expect([99, 100.9, 101].map(seventh)).toEqual([true, true, false]);
  expect(watch.accepted(107)(101)).toBe(true);
});
