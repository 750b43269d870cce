import { byteAt, equalBytes } from './bytes.ts';
import { AnyarchError } from './error.ts';
import { formatFlags } from './flags.ts';
import { hexByte } from './hex.ts';
import { ruleLimits } from './rule-data.ts';
import type { Rule } from './rule-data.ts';
import { parseRule } from './rule-parser.ts';
import { encodeUtf8, quote } from './text.ts';

/** Tried in this order when none is asked for. */
const delimiters = [':', ',', ';', '|', '#', '%', '@', '!', '~', '^', '=', '+'];

/**
 * Writes a rule as one text for one write(2): `:name:M::\x7f\x45…:\xff…:interpreter:flags`.
 *
 * @param delimiter one ASCII character; by default `:`, or another that the rule's own texts do not contain.
 * @throws AnyarchError ANYARCH_RULE_INVALID when the kernel would refuse the text or read another rule from it.
 */
export function formatRule(rule: Rule, delimiter?: string): Uint8Array {
  const texts = [rule.name, rule.interpreter];
  const free = delimiters.filter((candidate) => !texts.some((text) => text.includes(candidate)));
  const chosen =
    delimiter ?? free.find((candidate) => rule.kind === 'magic' || !rule.magic.includes(code(candidate)));
  if (chosen?.length !== 1 || code(chosen) > 0x7f) {
    throw unwritable(rule, 'no single ASCII character can be its delimiter');
  }
  for (const escape of [escapeAll, escapeNeeded]) {
    const text = assemble(rule, chosen, escape);
    if (text.length > ruleLimits.longest && escape === escapeAll) continue;
    const problem = problemOf(text, rule);
    if (problem === undefined) return text;
    throw unwritable(rule, problem, chosen);
  }
  throw new Error('unreachable: the second escape always decides');
}

type Escape = (bytes: Uint8Array, delimiter: number) => number[];

function assemble(rule: Rule, delimiter: string, escape: Escape): Uint8Array {
  const separator = code(delimiter);
  const isMagic = rule.kind === 'magic';
  const fields = [
    [],
    encodeUtf8(rule.name),
    encodeUtf8(isMagic ? 'M' : 'E'),
    encodeUtf8(isMagic && rule.offset !== 0 ? String(rule.offset) : ''),
    isMagic ? escape(rule.magic, separator) : rule.magic,
    rule.mask === undefined ? [] : escape(rule.mask, separator),
    encodeUtf8(rule.interpreter),
    encodeUtf8(formatFlags(rule.flags)),
  ];
  const bytes = new Uint8Array(fields.reduce((length, field) => length + field.length + 1, -1)).fill(
    separator,
  );
  let position = 0;
  for (const field of fields) {
    bytes.set(field, position);
    position += field.length + 1;
  }
  return bytes;
}

/** `\xHH` for every byte: what QEMU's own rules look like. */
function escapeAll(bytes: Uint8Array): number[] {
  const escapes: number[] = [];
  for (let index = 0; index < bytes.length; index++) pushEscape(escapes, byteAt(bytes, index));
  return escapes;
}

/** As short as it can be, for rules that do not fit otherwise. */
function escapeNeeded(bytes: Uint8Array, delimiter: number): number[] {
  const escapes: number[] = [];
  for (const byte of bytes) {
    const isSpecial = byte === 0 || byte === 0x0a || byte === 0x5c || byte === delimiter;
    if (isSpecial) pushEscape(escapes, byte);
    else escapes.push(byte);
  }
  return escapes;
}

function pushEscape(escapes: number[], byte: number): void {
  const digits = hexByte(byte);
  escapes.push(0x5c, 0x78, digits.charCodeAt(0), digits.charCodeAt(1));
}

function code(character: string): number {
  return character.charCodeAt(0);
}

/** The proof that the escaping survives: what the kernel would read is compared with what was meant. */
function problemOf(text: Uint8Array, rule: Rule): string | undefined {
  let read: Rule;
  try {
    read = parseRule(text);
  } catch (error) {
    if (error instanceof AnyarchError) return error.message;
    throw error;
  }
  const same =
    read.name === rule.name &&
    read.kind === rule.kind &&
    read.offset === rule.offset &&
    equalBytes(read.magic, rule.magic) &&
    (read.mask === undefined || rule.mask === undefined
      ? read.mask === rule.mask
      : equalBytes(read.mask, rule.mask)) &&
    read.interpreter === rule.interpreter &&
    formatFlags(read.flags) === formatFlags(rule.flags);
  return same ? undefined : 'the kernel would read another rule';
}

function unwritable(rule: Rule, problem: string, delimiter?: string): AnyarchError {
  const withDelimiter = delimiter === undefined ? '' : ` with the delimiter ${quote(delimiter)}`;
  return new AnyarchError(
    'ANYARCH_RULE_INVALID',
    `the rule ${quote(rule.name)} for ${quote(rule.interpreter, 120)} cannot be written${withDelimiter}: ${problem}`,
    { details: { errno: 'EINVAL' } },
  );
}
