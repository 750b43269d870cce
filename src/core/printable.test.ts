import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AnyarchError } from './error.ts';
import { printable, printableJson, printableLines } from './printable.ts';

const harmful = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

it('leaves nothing that a terminal acts upon, and everything else as it is', () => {
  const wrong: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const shown = printable(character);
    if (harmful.test(character) ? harmful.test(shown) || shown === character : shown !== character)
      wrong.push(code.toString(16));
  }
  // U+2065 is reserved for another format character.
  expect(wrong).toEqual(['2065']);
});

it('escapes so that one sees what was there', () => {
  expect(printable('a\u001b[31m\r\nb\u009b\u202e\u{e0041}\ud800ä\u{1f600}')).toBe(
    'a\\x1b[31m\\x0d\\x0ab\\x9b\\u202e\\u{e0041}\\ud800ä\u{1f600}',
  );
  expect(printableLines('a\r\n\u001bb\n')).toBe('a\\x0d\n\\x1bb\n');
});

it('is there already in the messages and hints of errors', () => {
  const { message, hint, details } = new AnyarchError('ANYARCH_FILE', 'no \u001b[2J', {
    hint: 'rm \u202e',
    details: { path: '\u001b' },
  });
  expect({ message, hint, details }).toEqual({
    message: 'no \\x1b[2J',
    hint: 'rm \\u202e',
    details: { path: '\u001b' },
  });
});

it('makes JSON safe without changing what it says', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.string({ unit: 'binary' }), (value, text) => {
      const json = printableJson(JSON.stringify({ value, text }, null, 2));
      expect(json.replaceAll('\n', '')).not.toMatch(harmful);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
  );
  expect(printableJson('"\u009b2J\u{e0041}"')).toBe('"\\u009b2J\\udb40\\udc41"');
});
