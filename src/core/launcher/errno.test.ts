import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { errnoName } from './errno.ts';
import { mips64el } from './hosts/mips64el.ts';
import { x86_64 } from './hosts/x86-64.ts';

test('names are those that Node knows', () => {
  // Second names of a number: Node lists both.
  const synonyms = new Set(['EWOULDBLOCK', 'ENOTSUP']);
  const known = Object.entries(constants.errno).filter(([name]) => !synonyms.has(name));
  expect(known.map(([, number]) => errnoName(number, x86_64))).toEqual(known.map(([name]) => name));
});

test('mips has numbers of its own above 34', () => {
  expect(errnoName(34, mips64el)).toBe('ERANGE');
  expect(errnoName(40, x86_64)).toBe('ELOOP');
  expect(errnoName(90, mips64el)).toBe('ELOOP');
  expect(errnoName(89, mips64el)).toBe('ENOSYS');
  expect(errnoName(145, mips64el)).toBe('ETIMEDOUT');
  expect(errnoName(168, mips64el)).toBe('EHWPOISON');
  expect(errnoName(1133, mips64el)).toBe('EDQUOT');
});

test('an unknown number is shown as it is', () => {
  expect(errnoName(999, x86_64)).toBe('errno 999');
});
