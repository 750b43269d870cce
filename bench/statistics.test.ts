import { describe, expect, test } from 'vitest';
import { summarize } from './statistics.ts';

describe('summarize', () => {
  test.each([
    { samples: [3], expected: { median: 3, min: 3, max: 3, count: 1 } },
    { samples: [10, 2, 9], expected: { median: 9, min: 2, max: 10, count: 3 } },
    { samples: [4, 1, 100, 2], expected: { median: 3, min: 1, max: 100, count: 4 } },
  ])('takes the middle of $samples', ({ samples, expected }) => {
    expect(summarize(samples)).toEqual(expected);
  });

  test('refuses to make numbers out of nothing', () => {
    expect(() => summarize([])).toThrow('no samples');
  });
});
