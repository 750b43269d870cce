import { expect, test } from 'vitest';
import { isInitialUserNamespace } from './user-namespace.ts';

test.each([
  ['         0          0 4294967295\n', true],
  ['         0       1000          1\n         1     100000      65536\n', false],
  ['         0          0      65536\n', false],
  ['      1000          0 4294967295\n', false],
  ['', false],
])('%j', (uidMap, expected) => {
  expect(isInitialUserNamespace(uidMap)).toBe(expected);
});
