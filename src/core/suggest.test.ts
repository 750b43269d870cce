import { describe, expect, it } from 'vitest';
import { editDistance, suggest } from './suggest.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['arm64', 'arm46', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ])('%j to %j: %i', (a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected);
    expect(editDistance(b, a)).toBe(expected);
  });
});

describe('suggest', () => {
  it('takes the nearest, and the first of equally near ones', () => {
    expect(suggest('ab', ['xy', 'ac', 'ab1'])).toBeUndefined();
    expect(suggest('abc', ['abx', 'aby'])).toBe('abx');
    expect(suggest('status', ['start', 'statsu'])).toBe('statsu');
  });
  it('does not work on endless words', () => {
    expect(suggest('x'.repeat(1_000_000), ['x'.repeat(999_999)])).toBeUndefined();
  });
});
