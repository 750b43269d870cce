import { hexByte } from './hex.ts';

/**
 * What a terminal acts upon or what hides and reorders what stands beside it: control characters (Cc), format characters
 * (Cf), line and paragraph separators (Zl, Zp) and lone surrogates (Cs). Ranges of Unicode 16, written out because
 * QuickJS has no \p{…}.
 */
const unprintable =
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  /[\u{0}-\u{1f}\u{7f}-\u{9f}\u{ad}\u{600}-\u{605}\u{61c}\u{6dd}\u{70f}\u{890}\u{891}\u{8e2}\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{d800}-\u{dfff}\u{feff}\u{fff9}-\u{fffb}\u{110bd}\u{110cd}\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/gu;

/** A text that came from outside, safe to show on one line: what is not printable is escaped as in `\x1b`, `\u202e`. */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** The same for a text of several lines. */
export function printableLines(text: string): string {
  return text.replace(unprintable, (character) => (character === '\n' ? character : escaped(character)));
}

/** The same text for every parser of JSON, safe to show. Line breaks between fields stay. */
export function printableJson(json: string): string {
  return json.replace(unprintable, (character) => {
    if (character === '\n') return character;
    return Array.from(
      { length: character.length },
      (_, index) => `\\u${hex16(character.charCodeAt(index))}`,
    ).join('');
  });
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${hexByte(code)}`;
  return code < 0x10000 ? `\\u${hex16(code)}` : `\\u{${code.toString(16)}}`;
}

function hex16(code: number): string {
  return hexByte(code >> 8) + hexByte(code & 0xff);
}
