import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['1.5s', 1500],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['1500ms', 1500],
  ])('reads %s', (text, ms) => {
    expect(parseDuration('--stall-timeout', text)).toBe(ms);
  });

  it.each(['', '0', '0.5', '-1', '10x', '1h30', 'm', '1 m', '999ms', '1e9', 'Infinity', '9'.repeat(30)])(
    'refuses "%s"',
    (text) => {
      expect(() => parseDuration('--stall-timeout', text)).toThrowWithCode('ANYARCH_USAGE');
    },
  );
});

it.each([
  [1000, '1 s'],
  [90_500, '90.5 s'],
  [600_000, '10 min'],
  [86_400_000, '24 h'],
])('formatDuration(%d) is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
