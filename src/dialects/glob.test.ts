import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isGlob, matchGlob } from './glob.ts';

// The cases of Go's own tests (path/filepath/match_test.go), as facts about its language of patterns.
test.each<[string, string, boolean | undefined]>([
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'a', true],
  ['a*', 'ab/c', false],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[b-d]', 'abc', true],
  ['ab[e-g]', 'abc', false],
  ['ab[^c]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'ab', false],
  ['a?b', 'a☺b', true],
  ['a???b', 'a☺b', false],
  ['[a-ζ]*', 'α', true],
  ['[\\]a]', ']', true],
  ['[\\-x]', 'x', true],
  ['[]a]', ']', undefined],
  ['[-]', '-', undefined],
  ['[x-]', 'x', undefined],
  ['[', 'a', undefined],
  ['[^', 'a', undefined],
  ['a[', 'ab', undefined],
  ['a\\', 'a', undefined],
  ['*x', 'xxx', true],
  ['qemu-*', 'qemu-aarch64', true],
  ['qemu-*', 'anyarch-aarch64', false],
])('%s and %s', (pattern, name, expected) => {
  expect(matchGlob(pattern, name)).toBe(expected);
});

test('a name matches itself with every special character escaped, and what a star stands for', () => {
  const name = fc.string().filter((text) => !text.includes('/'));
  fc.assert(
    fc.property(name, name, (a, b) => {
      const escaped = a.replace(/[*?[\]\\-]/g, (character) => `\\${character}`);
      expect(matchGlob(escaped, a)).toBe(true);
      expect(matchGlob(`${escaped}*`, a + b)).toBe(true);
      expect(matchGlob(`*${escaped}*`, b + a + b)).toBe(true);
    }),
  );
});

test('no pattern takes long', () => {
  const started = performance.now();
  expect(matchGlob(`${'a*'.repeat(120)}b`, 'a'.repeat(255))).toBe(false);
  expect(performance.now() - started).toBeLessThan(1000);
});

test('what is a pattern', () => {
  expect(['qemu-*', 'a?', '[a]', 'a\\b', 'qemu-arm', 'linux/arm/v7'].map(isGlob)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
