import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import newest from '../../test/data/debian-binfmt-11.1.json' with { type: 'json' };
import older from '../../test/data/debian-binfmt-older.json' with { type: 'json' };
import { formatFlags, parseFlags } from '../core/flags.ts';
import { toHex } from '../core/hex.ts';
import { parseRule } from '../core/rule.ts';
import { fakeHost } from '../host/testing/index.ts';
import { classicExport } from './classic.ts';
import { planExport } from './plan-export.ts';

// docs/export.md compares what is exported with what others ship. The tables are made here, so that they stay true:
// npx vitest run --project unit src/export --update

interface ComparedRule {
  readonly name: string;
  readonly offset: number;
  readonly magic: string;
  readonly mask: string;
  readonly interpreter: string;
  readonly flags: string;
}

/** Why a byte counts for others in another way, by what it means in an ELF header. */
const explanations = [
  { byte: [5], why: "byte order: QEMU's script does not compare the lowest bit (alpha)" },
  { byte: [6], why: "ELF version: QEMU's script does not compare the lowest bit (alpha, m68k)" },
  {
    byte: [7],
    why: "OS ABI: QEMU's script takes any. Debian mostly takes 0 to 3 only (System V, HP-UX, NetBSD, GNU), and so do we",
  },
  {
    byte: [8],
    why: 'ABI version: the rules of 7.2 took 0 and 1. It is not compared for MIPS any more, whose floating-point ABIs have others',
  },
  {
    byte: [20, 21, 22, 23],
    why: 'ELF version, for the second time: compared since the rules for 32-bit MIPS go on to e_flags as a whole',
  },
  {
    byte: [37, 38, 39],
    why: 'e_flags: the little-endian patterns of 7.2 end with the byte that has the N32 bit, which means the same',
  },
] as const;

const ours = new Map(
  ['x86_64', 's390x'].flatMap((hostArchitecture) =>
    planExport(fakeHost(), {
      form: 'systemd',
      architectures: 'all',
      hostArchitecture,
      ownFamily: false,
      qemu: undefined,
      interpreters: { directory: '/usr/bin', suffix: '' },
      credentials: false,
      fixBinary: true,
      openBinary: false,
      preserveArgv0: 'auto',
      force: false,
    }).files.map(({ body }) => entryOf(body)),
  ),
);

const script = new Map(
  ['x86_64', 's390x'].flatMap((machine) => {
    const host = fakeHost({ system: { machine } });
    return classicExport(host, ['--systemd', 'ALL']).files.map(({ text }) => entryOf(text));
  }),
);

const debian = (rules: readonly ComparedRule[]) =>
  new Map(rules.map((rule) => [rule.name, { ...rule, flags: formatFlags(parseFlags(rule.flags)) }]));

const sources: readonly (readonly [string, ReadonlyMap<string, ComparedRule>])[] = [
  ['Debian 11.1', debian(newest.rules)],
  ['Debian 10.0', debian(older['10.0'])],
  ['Debian 7.2', debian(older['7.2'])],
  ["QEMU's script", script],
];

function entryOf(body: string): [string, ComparedRule] {
  const { name, offset, magic, mask = new Uint8Array(), interpreter, flags } = parseRule(body.trimEnd());
  return [
    name,
    { name, offset, magic: toHex(magic), mask: toHex(mask), interpreter, flags: formatFlags(flags) },
  ];
}

/** `mask 7: 00`, where theirs differs. */
function differences(
  mine: ComparedRule,
  theirs: ComparedRule,
): { field: string; byte: number; value: string }[] {
  return (['magic', 'mask'] as const).flatMap((field) => {
    const length = Math.max(mine[field].length, theirs[field].length);
    const found = [];
    for (let at = 0; at < length; at += 2) {
      const [a, b] = [mine[field].slice(at, at + 2), theirs[field].slice(at, at + 2)];
      if (a !== b) found.push({ field, byte: at / 2, value: b === '' ? 'none' : b });
    }
    return found;
  });
}

function cell(name: string, theirs: ComparedRule | undefined): string {
  const mine = ours.get(name);
  if (theirs === undefined) return '–';
  if (mine === undefined) return 'has it';
  expect(theirs.offset).toBe(mine.offset);
  const different = differences(mine, theirs);
  return different.length === 0 ? 'same' : runs(different).join(', ');
}

/** Neighbours that are the same are said once. */
function runs(different: ReturnType<typeof differences>): string[] {
  const found: { field: string; first: number; last: number; value: string }[] = [];
  for (const { field, byte, value } of different) {
    const last = found.at(-1);
    if (last?.field === field && last.last === byte - 1 && last.value === value) last.last = byte;
    else found.push({ field, first: byte, last: byte, value });
  }
  return found.map(
    ({ field, first, last, value }) => `${field} ${first}${last === first ? '' : ` to ${last}`}: ${value}`,
  );
}

function patternTable(): string {
  const names = [
    ...new Set([...ours.keys(), ...sources.flatMap(([, rules]) => [...rules.keys()])]),
  ].toSorted();
  return table([
    ['entry', ...sources.map(([source]) => source)],
    ...names.map((name) => [`\`${name}\``, ...sources.map(([, rules]) => cell(name, rules.get(name)))]),
  ]);
}

function fieldTable(): string {
  const all: readonly (readonly [string, ReadonlyMap<string, ComparedRule>])[] = [
    ['anyarch export', ours],
    ...sources,
  ];
  const summed = (values: readonly string[]): string => [...new Set(values)].join(' or ');
  return table([
    ['made by', 'entries', 'flags', 'interpreter of aarch64'],
    ...all.map(([source, rules]) => [
      source,
      `${rules.size}`,
      summed([...rules.values()].map(({ flags }) => (flags === '' ? 'none' : `\`${flags}\``))),
      `\`${rules.get('qemu-aarch64')?.interpreter ?? ''}\``,
    ]),
  ]);
}

function explanationTable(): string {
  return table([
    ['bytes', 'meaning, and why they differ'],
    ...explanations.map(({ byte, why }) => [
      byte.length === 1 ? `${byte[0]}` : `${byte[0]} to ${byte.at(-1) ?? ''}`,
      why,
    ]),
  ]);
}

/** As prettier lays it out. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((one, at) => one.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join(
    '\n',
  );
}

test('every difference is explained, and every explanation is of a difference', () => {
  const bytes = new Set(
    [...ours].flatMap(([name, mine]) =>
      sources.flatMap(([, rules]) => {
        const theirs = rules.get(name);
        return theirs === undefined ? [] : differences(mine, theirs).map(({ byte }) => byte);
      }),
    ),
  );
  const explained = explanations.flatMap(({ byte }) => [...byte]);
  expect([...bytes].filter((byte) => !(explained as number[]).includes(byte))).toEqual([]);
  expect(explanations.filter(({ byte }) => !byte.some((one) => bytes.has(one)))).toEqual([]);
});

test("what Debian has now is what we have, byte for byte, but for flag O and its interpreters' place", () => {
  for (const [name, theirs] of debian(newest.rules)) {
    expect({ ...theirs, flags: 'PF' }).toMatchObject({ ...ours.get(name) });
    expect(theirs.flags).toBe('POF');
  }
  expect([...ours.keys()].toSorted()).toEqual(newest.rules.map(({ name }) => name).toSorted());
});

test('the page says so', async () => {
  const path = new URL('../../docs/export.md', import.meta.url).pathname;
  let page = readFileSync(path, 'utf8');
  for (const [name, content] of [
    ['fields', fieldTable()],
    ['patterns', patternTable()],
    ['explanations', explanationTable()],
  ] as const) {
    const block = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`);
    expect(page).toMatch(block);
    page = page.replace(block, (_, start: string, end: string) => `${start}\n${content}\n\n${end}`);
  }
  await expect(page).toMatchFileSnapshot(path);
});
