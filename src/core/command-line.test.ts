import { expect, test } from 'vitest';
import { commandLine } from './command-line.ts';

test.each([
  [['register', 'arm64', '--qemu=/opt/q'], 'anyarch 1.2.3: register arm64 --qemu=/opt/q'],
  [['register', "it's", '', 'a b'], "anyarch 1.2.3: register 'it'\\''s' '' 'a b'"],
  [['\u001b[31m', 'x\ny'], "anyarch 1.2.3: '\\x1b[31m' 'x\\x0ay'"],
  [[], 'anyarch 1.2.3: '],
])('says %j on one line', (words, text) => {
  expect(commandLine('1.2.3', words)).toBe(text);
});

test('leaves out what is too long, in whole characters', () => {
  const text = commandLine('1', ['𝄞'.repeat(300)]);
  expect(Array.from(text)).toHaveLength(200);
  expect(text.endsWith('𝄞…')).toBe(true);
});
