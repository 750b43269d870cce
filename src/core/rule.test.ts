import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recorded } from '../../test/data/recorded.ts';
import { architectures } from './architecture.ts';
import { parseEntry, formatEntry } from './entry.ts';
import { AnyarchError } from './error.ts';
import { formatFlags, noFlags } from './flags.ts';
import { fromHex, toHex } from './hex.ts';
import { formatRule, parseRule, ruleProblems, validateRule } from './rule.ts';
import type { Rule } from './rule.ts';
import { decodeUtf8, encodeUtf8 } from './text.ts';

interface RecordedRule {
  rule: string;
  errno?: string;
  name?: string;
  entry?: string;
}

const plain: Rule = {
  name: 'qemu-arm',
  kind: 'magic',
  offset: 0,
  magic: Uint8Array.from([0x7f, 0x45, 0]),
  mask: Uint8Array.from([0xff, 0xff, 0xfe]),
  interpreter: '/usr/bin/qemu-arm',
  flags: { ...noFlags, fixBinary: true, preserveArgv0: true },
};

describe('parseRule', () => {
  it('takes and refuses the same texts as the kernel, and reads the same rule from them', () => {
    const cases = recorded<RecordedRule>('kernel-rules-6.18.jsonl');
    expect(cases.filter(({ errno }) => errno === undefined).length).toBeGreaterThan(100);
    for (const { rule, errno, name = '', entry = '' } of cases) {
      const outcome = outcomeOf(bytesOf(rule));
      const kernels = errno ?? { name: decodeUtf8(bytesOf(name)), entry: decodeUtf8(bytesOf(entry)) };
      expect({ rule: decodeUtf8(bytesOf(rule)), outcome }).toEqual({
        rule: decodeUtf8(bytesOf(rule)),
        outcome: kernels,
      });
    }
  });

  it('says what is wrong, and shows only the beginning of a long rule', () => {
    const error = errorOf(`:n:M::ab::/bin/x:Z${'Z'.repeat(1000)}`);
    expect(error.message).toMatch(/something else than the flags/);
    expect(error.message.length).toBeLessThan(250);
  });

  it('ends every text with a rule or its own error', () => {
    const pieces = fc.constantFrom(
      ':',
      'n',
      'M',
      'E',
      '\\x',
      '41',
      '\\',
      '/',
      '\0',
      '\n',
      '1',
      'PO',
      '\u00ff',
      '\ud800',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 40 }).map((parts) => `:n:M:${parts.join('')}`),
          fc.string(),
        ),
        (text) => {
          const outcome = outcomeOf(encodeUtf8(text));
          expect(typeof outcome === 'object' || outcome === 'EINVAL').toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('formatRule', () => {
  it("writes the canonical form that QEMU's script writes", () => {
    expect(decodeUtf8(formatRule(plain))).toBe(
      ':qemu-arm:M::\\x7f\\x45\\x00:\\xff\\xff\\xfe:/usr/bin/qemu-arm:PF',
    );
    expect(
      decodeUtf8(
        formatRule({ ...plain, offset: 7, mask: undefined, flags: { ...noFlags, credentials: true } }),
      ),
    ).toBe(':qemu-arm:M:7:\\x7f\\x45\\x00::/usr/bin/qemu-arm:OC');
    expect(decodeUtf8(formatRule(extension('py')))).toBe(':qemu-arm:E::py::/usr/bin/qemu-arm:PF');
  });

  it('survives reading with any delimiter, or refuses', () => {
    let written = 0;
    fc.assert(
      fc.property(rules, fc.option(fc.integer({ min: 0, max: 127 }), { nil: undefined }), (rule, code) => {
        const delimiter = code === undefined ? undefined : String.fromCharCode(code);
        const text = formattedOrRefused(rule, delimiter);
        if (text === undefined) return;
        written += 1;
        expect(comparable(parseRule(text))).toEqual(comparable(rule));
      }),
      { numRuns: 2000 },
    );
    expect(written).toBeGreaterThan(1000);
  });

  it('takes another delimiter when a text contains the colon, and says so when a wanted one cannot be', () => {
    expect(decodeUtf8(formatRule({ ...plain, interpreter: '/a:b,c' }))).toMatch(/^;qemu-arm;M;/);
    expect(() => formatRule({ ...plain, interpreter: '/a:b' }, ':')).toThrowWithCode('ANYARCH_RULE_INVALID');
    expect(() => formatRule(plain, '::')).toThrowWithCode('ANYARCH_RULE_INVALID');
    expect(() => formatRule(plain, 'P')).toThrowWithCode('ANYARCH_RULE_INVALID');
  });

  it('shortens the escapes of a rule that does not fit otherwise', () => {
    const long = { ...plain, magic: new Uint8Array(256).fill(0x3a), mask: new Uint8Array(256).fill(0xff) };
    const text = formatRule({ ...long, interpreter: `/${'x'.repeat(600)}` });
    expect(text.length).toBeLessThanOrEqual(1920);
    expect(parseRule(text).mask).toEqual(long.mask);
    expect(() => formatRule({ ...long, interpreter: `/${'x'.repeat(1900)}` })).toThrowWithCode(
      'ANYARCH_RULE_INVALID',
    );
  });

  it("takes back Debian's rules of every architecture", () => {
    for (const { name, magic, mask, offset } of architectures) {
      const rule = { ...plain, name, magic, mask, offset };
      expect(comparable(parseRule(formatRule(rule)))).toEqual(comparable(rule));
    }
  });
});

describe('validateRule', () => {
  it('takes what works', () => {
    expect(ruleProblems(plain)).toEqual([]);
    expect(ruleProblems(extension('py'))).toEqual([]);
    // Executed on Linux 6.18 with 1425 bytes, in spite of the 127 of the kernel's documentation.
    expect(ruleProblems({ ...plain, interpreter: `/${'x'.repeat(1400)}` })).toEqual([]);
  });

  it.each<[string, Partial<Rule>, RegExp]>([
    ['a relative interpreter', { interpreter: 'qemu-arm' }, /no absolute path/],
    ['an empty interpreter', { interpreter: '' }, /no absolute path/],
    ['a line end in the interpreter', { interpreter: '/bin/a\nb' }, /control character/],
    ['a name with a slash', { name: '../x' }, /no file name/],
    ['a name of the kernel', { name: 'register' }, /for itself/],
    ['a long name', { name: 'é'.repeat(128) }, /longer than 255 bytes/],
    ['a mask that hides everything', { mask: new Uint8Array(3) }, /every file would match/],
    ['a short mask', { mask: new Uint8Array(2).fill(1) }, /the mask has 2 bytes, the magic 3/],
    ['a far offset', { offset: 254 }, /behind the first 256 bytes/],
    ['a negative offset', { offset: -1 }, /behind the first 256 bytes/],
    ['an extension with a dot', { ...extension('tar.gz') }, /only the last one counts/],
    ['an extension with a slash', { ...extension('a/b') }, /a slash/],
  ])('refuses %s', (_name, change, problem) => {
    const rule = { ...plain, ...change };
    expect(() => {
      validateRule(rule);
    }).toThrowWithCode('ANYARCH_RULE_INVALID');
    expect(ruleProblems(rule).join()).toMatch(problem);
  });

  it('reports all problems at once', () => {
    expect(ruleProblems({ ...plain, name: '', interpreter: 'x', offset: 300 })).toHaveLength(3);
  });
});

describe('parseEntry', () => {
  it('gives back every entry that it wrote', () => {
    fc.assert(
      fc.property(rules, fc.boolean(), (rule, enabled) => {
        const entry = { ...rule, enabled };
        const back = parseEntry(rule.name, formatEntry(entry));
        expect({ ...comparable(back), enabled: back.enabled }).toEqual({ ...comparable(rule), enabled });
      }),
    );
  });
});

function extension(name: string): Rule {
  return { ...plain, kind: 'extension', magic: encodeUtf8(name), mask: undefined };
}

const texts = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(':', ',', ' ', 'x', '4', '\\', 'é', 'P', '|'),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 20,
  })
  .map((text) => text.replaceAll('/', '_').replaceAll(/[\0\n]|^\.+$/g, '_'));
const magics = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 20 }),
  fc
    .array(fc.constantFrom(0, 0x0a, 0x3a, 0x5c, 0x78, 0x34, 0xff), { minLength: 1, maxLength: 40 })
    .map((bytes) => Uint8Array.from(bytes)),
);
const flags = fc
  .record({
    fixBinary: fc.boolean(),
    credentials: fc.boolean(),
    openBinary: fc.boolean(),
    preserveArgv0: fc.boolean(),
  })
  .map((value) => ({ ...value, openBinary: value.openBinary || value.credentials }));
const magicRules = fc
  .tuple(magics, fc.boolean(), fc.nat(100), texts, texts, flags)
  .map(([magic, masked, offset, name, path, ruleFlags]): Rule => {
    const mask = masked ? magic.map((byte) => byte ^ 0xa5) : undefined;
    return { name, kind: 'magic', offset, magic, mask, interpreter: `/${path}`, flags: ruleFlags };
  });
const extensionRules = fc
  .tuple(texts, texts, flags)
  .map(([name, text, ruleFlags]): Rule => ({ ...extension(text), name, flags: ruleFlags }));
const rules = fc.oneof(magicRules, extensionRules);

function comparable(rule: Rule) {
  const { name, kind, offset, interpreter } = rule;
  return {
    name,
    kind,
    offset,
    interpreter,
    magic: toHex(rule.magic),
    mask: rule.mask && toHex(rule.mask),
    flags: formatFlags(rule.flags),
  };
}

function outcomeOf(text: Uint8Array): string | { name: string; entry: string } {
  try {
    const rule = parseRule(text);
    return { name: rule.name, entry: formatEntry({ ...rule, enabled: true }) };
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_RULE_INVALID')
      return String(error.details['errno']);
    throw error;
  }
}

function errorOf(text: string): AnyarchError {
  try {
    parseRule(text);
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
  throw new Error(`${text} was read`);
}

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === undefined) throw new Error(`no hexadecimal text: ${hex}`);
  return bytes;
}

/** `undefined` where the writer refuses the rule with its own error. */
function formattedOrRefused(rule: Rule, delimiter: string | undefined): Uint8Array | undefined {
  try {
    return formatRule(rule, delimiter);
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_RULE_INVALID') return undefined;
    throw error;
  }
}
