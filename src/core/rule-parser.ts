import { withImplied } from './flags.ts';
import type { Flags } from './flags.ts';
import { AnyarchError } from './error.ts';
import {
  atEnd,
  parseInteger,
  scanByte,
  scanEscapedField,
  scanField,
  startScan,
  unescapeHex,
} from './rule-scanner.ts';
import type { RuleScanner } from './rule-scanner.ts';
import { ruleLimits } from './rule-data.ts';
import type { Rule } from './rule-data.ts';
import { decodeUtf8, encodeUtf8, quote } from './text.ts';

/**
 * Reads a rule as the kernel does (fs/binfmt_misc.c, `create_entry`): accepts and refuses the same texts. Bytes that
 * are no UTF-8 become U+FFFD in `name` and `interpreter`.
 *
 * @throws AnyarchError ANYARCH_RULE_INVALID; `details.errno` is what the kernel's write fails with, `EINVAL` or `ENAMETOOLONG`.
 */
export function parseRule(text: Uint8Array | string): Rule {
  const bytes = typeof text === 'string' ? encodeUtf8(text) : text;
  if (bytes.length < ruleLimits.shortest || bytes.length > ruleLimits.longest) {
    throw invalid(bytes, `has ${bytes.length} bytes, not ${ruleLimits.shortest} to ${ruleLimits.longest}`);
  }
  const scanner = startScan(bytes);
  const fail = (problem: string): AnyarchError => invalid(bytes, problem);
  // Kernels from 2026 on refuse these first, older ones fail when they come to the flags (of a text without a newline).
  if (flagLetter(scanner.delimiter) !== undefined) throw fail('has a flag letter as its delimiter');
  const nameBytes = scanField(scanner);
  const name = decodeUtf8(nameBytes ?? new Uint8Array());
  if (nameBytes === undefined || name === '' || name === '.' || name === '..' || name.includes('/')) {
    throw fail('has no usable name: it is empty, "." or "..", or contains "/"');
  }
  const letter = scanByte(scanner);
  if ((letter !== letterM && letter !== letterE) || scanByte(scanner) !== scanner.delimiter) {
    throw fail('is of a type that is neither M nor E');
  }
  const kind = letter === letterM ? 'magic' : 'extension';
  const { offset, magic, mask } =
    letter === letterM ? scanMagic(scanner, fail) : scanExtension(scanner, fail);
  const interpreter = scanField(scanner);
  if (interpreter === undefined || interpreter.length === 0) throw fail('has no interpreter');
  const flags = scanFlags(scanner);
  if (!atEnd(scanner))
    throw fail(
      'has something else than the flags P, O, C and F behind the interpreter, or no last delimiter',
    );
  if (nameBytes.length > ruleLimits.name) {
    throw invalid(
      bytes,
      `has a name of ${nameBytes.length} bytes, more than ${ruleLimits.name}`,
      'ENAMETOOLONG',
    );
  }
  return { name, kind, offset, magic, mask, interpreter: decodeUtf8(interpreter), flags };
}

type Matcher = Pick<Rule, 'offset' | 'magic' | 'mask'>;
type Fail = (problem: string) => AnyarchError;

function scanMagic(scanner: RuleScanner, fail: Fail): Matcher {
  const offsetField = scanField(scanner);
  const offset = offsetField?.length === 0 ? 0 : offsetField && parseInteger(offsetField);
  if (offset === undefined || offset < 0) throw fail('has an offset that is no number from 0 on');
  const magicField = scanEscapedField(scanner);
  if (magicField === undefined || (magicField[0] ?? 0) === 0)
    throw fail('has no magic, or a bad \\x escape in it');
  const maskField = scanEscapedField(scanner);
  if (maskField === undefined) throw fail('has no mask field, or a bad \\x escape in it');
  const magic = unescapeHex(magicField);
  const mask = (maskField[0] ?? 0) === 0 ? undefined : unescapeHex(maskField);
  if (mask !== undefined && mask.length !== magic.length) {
    throw fail(`has a mask of ${mask.length} bytes for a magic of ${magic.length}`);
  }
  if (offset + magic.length > ruleLimits.header)
    throw fail(`reaches behind the first ${ruleLimits.header} bytes of the file`);
  return { offset, magic, mask };
}

function scanExtension(scanner: RuleScanner, fail: Fail): Matcher {
  const offset = scanField(scanner);
  const magic = offset && scanField(scanner);
  if (magic === undefined || magic.length === 0 || magic.includes(slash))
    throw fail('has an extension that is empty or contains "/"');
  if (scanField(scanner) === undefined) throw fail('has no mask field');
  return { offset: 0, magic, mask: undefined };
}

function scanFlags(scanner: RuleScanner): Flags {
  const seen = { P: false, O: false, C: false, F: false };
  for (;;) {
    const letter = flagLetter(scanner.buffer[scanner.position]);
    if (letter === undefined) break;
    seen[letter] = true;
    scanner.position += 1;
  }
  return withImplied({ preserveArgv0: seen.P, openBinary: seen.O, credentials: seen.C, fixBinary: seen.F });
}

function flagLetter(byte: number | undefined): 'P' | 'O' | 'C' | 'F' | undefined {
  const letter = String.fromCharCode(byte ?? 0);
  return letter === 'P' || letter === 'O' || letter === 'C' || letter === 'F' ? letter : undefined;
}

function invalid(
  text: Uint8Array,
  problem: string,
  errno: 'EINVAL' | 'ENAMETOOLONG' = 'EINVAL',
): AnyarchError {
  return new AnyarchError(
    'ANYARCH_RULE_INVALID',
    `the rule ${quote(decodeUtf8(text.subarray(0, 200)))} ${problem}`,
    {
      hint: 'A rule is :name:M:offset:magic:mask:interpreter:flags or :name:E::extension::interpreter:flags, one in each write.',
      details: { errno },
    },
  );
}

const letterE = 0x45;
const letterM = 0x4d;
const slash = 0x2f;
