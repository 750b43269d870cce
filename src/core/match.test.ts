import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recorded } from '../../test/data/recorded.ts';
import { findArchitecture } from './architecture.ts';
import type { Entry } from './entry.ts';
import { noFlags } from './flags.ts';
import { fromHex } from './hex.ts';
import { compareMagic, explainMatch, matchesMagic, patternsOverlap } from './match.ts';
import { parseRule } from './rule.ts';
import { encodeUtf8 } from './text.ts';

interface RecordedMatch {
  header: string;
  fileName: string;
  enabled: boolean;
  entries: { name: string; enabled: boolean; rule: string }[];
  winner: string | null;
}

const arm64 = findArchitecture('arm64');
const emulator: Entry = {
  ...arm64,
  kind: 'magic',
  interpreter: '/usr/bin/qemu-aarch64',
  flags: noFlags,
  enabled: true,
};
const python: Entry = {
  ...emulator,
  name: 'py',
  kind: 'extension',
  magic: encodeUtf8('py'),
  mask: undefined,
};
const program = { header: arm64.magic, fileName: '/usr/bin/program' };

describe('explainMatch', () => {
  it('chooses what the kernel chose', () => {
    const cases = recorded<RecordedMatch>('kernel-matches-6.18.jsonl');
    expect(cases.filter(({ winner }) => winner !== null).length).toBeGreaterThan(100);
    for (const { header, fileName, enabled, entries, winner } of cases) {
      const explanation = explainMatch(
        { header: bytesOfHex(header), fileName },
        { enabled, entries: entries.map((entry) => ({ ...parseRule(entry.rule), enabled: entry.enabled })) },
      );
      expect({ header, fileName, entries, winner: explanation.winner?.name ?? null }).toEqual({
        header,
        fileName,
        entries,
        winner,
      });
    }
  });

  it('tells the shadowed entry from the winner', () => {
    const older = { ...emulator, name: 'older' };
    const { winner, verdicts } = explainMatch(program, { enabled: true, entries: [emulator, older] });
    expect(winner).toBe(emulator);
    expect(verdicts.map(({ verdict }) => verdict.result)).toEqual(['match', 'match']);
  });

  it('passes over disabled entries and says whether they would match', () => {
    const off = { ...emulator, enabled: false };
    const { winner, verdicts } = explainMatch(program, {
      enabled: true,
      entries: [off, { ...python, enabled: false }, emulator],
    });
    expect(winner).toBe(emulator);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual([
      { result: 'disabled', wouldMatch: true },
      { result: 'disabled', wouldMatch: false },
      { result: 'match' },
    ]);
  });

  it('has no winner when the table is switched off, but all verdicts', () => {
    const { winner, verdicts } = explainMatch(program, { enabled: false, entries: [emulator] });
    expect(winner).toBeUndefined();
    expect(verdicts[0]?.verdict).toEqual({ result: 'match' });
  });

  it('shows the first byte that differs', () => {
    const header = arm64.magic.slice();
    header[18] = 62;
    const { verdicts } = explainMatch({ ...program, header }, { enabled: true, entries: [emulator] });
    expect(verdicts[0]?.verdict).toEqual({
      result: 'magic-differs',
      difference: { position: 18, found: 62, mask: 0xff, expected: 183, equal: false },
    });
  });

  it.each([
    ['/x/a.py', 'match', undefined],
    ['/x/a.b.py', 'match', undefined],
    ['/x/a.PY', 'extension-differs', 'PY'],
    ['/x/a.py.gz', 'extension-differs', 'gz'],
    ['/x.py/a', 'extension-differs', 'py/a'],
    ['/x/a', 'extension-differs', undefined],
    ['/x/a.', 'extension-differs', ''],
  ])('%s: %s', (fileName, result, extension) => {
    const { verdicts } = explainMatch(
      { header: new Uint8Array(), fileName },
      { enabled: true, entries: [python] },
    );
    expect(verdicts[0]?.verdict).toEqual(result === 'match' ? { result } : { result, extension });
  });

  it('takes zeros for what is missing and nothing behind byte 256', () => {
    const zeros: Entry = { ...emulator, magic: new Uint8Array(2), mask: undefined, offset: 254 };
    const result = (header: Uint8Array) =>
      explainMatch({ header, fileName: 'x' }, { enabled: true, entries: [zeros] }).winner;
    expect(result(new Uint8Array())).toBe(zeros);
    expect(result(new Uint8Array(300).fill(0, 0, 256).fill(9, 256))).toBe(zeros);
    expect(result(new Uint8Array(256).fill(9))).toBeUndefined();
  });
});

describe('compareMagic', () => {
  it('lays the magic over the file', () => {
    const rule = { offset: 1, magic: Uint8Array.from([0x10, 0x21]), mask: Uint8Array.from([0xf0, 0xff]) };
    expect(compareMagic(Uint8Array.from([9, 0x1f, 0x20]), rule)).toEqual([
      { position: 1, found: 0x1f, mask: 0xf0, expected: 0x10, equal: true },
      { position: 2, found: 0x20, mask: 0xff, expected: 0x21, equal: false },
    ]);
  });
});

describe('matchesMagic', () => {
  it('says what comparing byte by byte says', () => {
    const bytes = fc.uint8Array({ maxLength: 6 });
    const pattern = fc
      .record({ offset: fc.integer({ min: 250, max: 258 }), magic: bytes, mask: fc.option(bytes) })
      .map(({ offset, magic, mask }) => ({ offset, magic, mask: mask ?? undefined }));
    const header = fc.uint8Array({ minLength: 250, maxLength: 260, max: 3 });
    fc.assert(
      fc.property(header, pattern, fc.boolean(), (file, rule, fitting) => {
        const magic = fitting ? Uint8Array.from(file.subarray(rule.offset, rule.offset + 4)) : rule.magic;
        const tried = { ...rule, magic };
        const expected = compareMagic(file, tried).every(({ equal }) => equal);
        expect(matchesMagic(file, tried)).toBe(expected);
      }),
    );
  });
});

function bytesOfHex(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === undefined) throw new Error(`no hexadecimal text: ${hex}`);
  return bytes;
}

describe('patternsOverlap', () => {
  const pattern = (offset: number, magic: number[], mask?: number[]) => ({
    offset,
    magic: Uint8Array.from(magic),
    mask: mask === undefined ? undefined : Uint8Array.from(mask),
  });

  it.each([
    [pattern(0, [1, 2, 3]), pattern(0, [1, 2]), true],
    [pattern(0, [1, 2, 3]), pattern(1, [2]), true],
    [pattern(0, [1, 2, 3]), pattern(1, [3]), false],
    [pattern(0, [1, 2, 3]), pattern(3, [9]), true],
    [pattern(0, [1, 2, 3], [0xff, 0xff, 0xfe]), pattern(2, [2]), true],
    [pattern(0, [1, 2, 3], [0xff, 0xff, 0xfe]), pattern(2, [4]), false],
    [pattern(0, [0]), pattern(0, [0xff], [0]), true],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(patternsOverlap(a, b)).toBe(expected);
    expect(patternsOverlap(b, a)).toBe(expected);
  });

  it('whatever file both take shows that they do', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 4 });
    const patterns = fc.record({ offset: fc.nat(3), magic: bytes }).chain(({ offset, magic }) =>
      fc.record({
        offset: fc.constant(offset),
        magic: fc.constant(magic),
        mask: fc.option(fc.uint8Array({ minLength: magic.length, maxLength: magic.length }), {
          nil: undefined,
        }),
      }),
    );
    fc.assert(
      fc.property(patterns, patterns, fc.uint8Array({ minLength: 8, maxLength: 8 }), (a, b, rest) => {
        // A file that a takes, made to fit b where a does not care.
        const file = Uint8Array.from(rest);
        const put = (one: typeof a, keep: typeof a | undefined) => {
          one.magic.forEach((byte, index) => {
            const position = one.offset + index;
            const kept =
              keep?.magic[position - keep.offset] === undefined
                ? 0
                : (keep.mask?.[position - keep.offset] ?? 0xff);
            const bits = (one.mask?.[index] ?? 0xff) & ~kept;
            file[position] = ((file[position] ?? 0) & ~bits) | (byte & bits);
          });
        };
        put(a, undefined);
        put(b, a);
        expect(patternsOverlap(a, b)).toBe(matchesMagic(file, a) && matchesMagic(file, b));
      }),
    );
  });
});
