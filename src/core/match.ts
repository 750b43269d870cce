import { byteAt, equalBytes } from './bytes.ts';
import type { Entry } from './entry.ts';
import { ruleLimits } from './rule-data.ts';
import { decodeUtf8, encodeUtf8 } from './text.ts';

/** What the kernel looks at when a file is executed. */
export interface ExecutedFile {
  /** The file's first bytes; the kernel reads 256 and takes zeros for those behind the end. */
  readonly header: Uint8Array;
  /** The path as execve got it: the extension is what stands behind its last dot, even one in a directory's name. */
  readonly fileName: string;
}

export interface MatchTable {
  /** The global switch (`status`). */
  readonly enabled: boolean;
  /** The newest first: the kernel's order. */
  readonly entries: readonly Entry[];
}

export type Verdict =
  | { readonly result: 'match' }
  /** `wouldMatch` tells whether enabling it makes a difference. */
  | { readonly result: 'disabled'; readonly wouldMatch: boolean }
  | { readonly result: 'magic-differs'; readonly difference: ByteComparison }
  /** `extension` is the file's own, `undefined` without a dot. */
  | { readonly result: 'extension-differs'; readonly extension: string | undefined };

/** One byte of a magic over the byte of the file that it is compared with. */
export interface ByteComparison {
  /** In the file, in bytes from its start. */
  readonly position: number;
  readonly found: number;
  readonly mask: number;
  readonly expected: number;
  /** Whether all bits of the mask are equal. */
  readonly equal: boolean;
}

export interface MatchExplanation {
  /** In the table's order. Several may match: the first is the winner, it shadows the others. */
  readonly verdicts: readonly { readonly entry: Entry; readonly verdict: Verdict }[];
  /** The entry that execve uses; `undefined` when none matches or the table is switched off. */
  readonly winner: Entry | undefined;
}

/**
 * What the kernel does with a file (fs/binfmt_misc.c, `search_binfmt_handler`). binfmt_misc is asked before the ELF
 * and script loaders: a winner also takes files that the host could run natively. Without a winner those are tried.
 */
export function explainMatch(file: ExecutedFile, table: MatchTable): MatchExplanation {
  const verdicts = table.entries.map((entry) => ({ entry, verdict: judge(file, entry) }));
  const winner = table.enabled
    ? verdicts.find(({ verdict }) => verdict.result === 'match')?.entry
    : undefined;
  return { verdicts, winner };
}

function judge(file: ExecutedFile, entry: Entry): Verdict {
  const verdict = compare(file, entry);
  return entry.enabled ? verdict : { result: 'disabled', wouldMatch: verdict.result === 'match' };
}

function compare(file: ExecutedFile, entry: Entry): Verdict {
  if (entry.kind === 'extension') {
    const extension = lastExtension(file.fileName);
    const matches = extension !== undefined && equalBytes(extension, entry.magic);
    if (matches) return { result: 'match' };
    return { result: 'extension-differs', extension: extension && decodeUtf8(extension) };
  }
  const difference = compareMagic(file.header, entry).find((comparison) => !comparison.equal);
  return difference === undefined ? { result: 'match' } : { result: 'magic-differs', difference };
}

/** What rules, entries and architectures have in common. */
export interface MagicPattern {
  readonly offset: number;
  readonly magic: Uint8Array;
  readonly mask: Uint8Array | undefined;
}

/** Whether a magic takes a file with these first bytes: `compareMagic` without the details, many times as fast. */
export function matchesMagic(header: Uint8Array, { offset, magic, mask }: MagicPattern): boolean {
  const end = Math.min(header.length, ruleLimits.header);
  for (let index = 0; index < magic.length; index++) {
    const position = offset + index;
    const found = position < end ? byteAt(header, position) : 0;
    const difference = found ^ byteAt(magic, index);
    if ((mask === undefined ? difference : difference & byteAt(mask, index)) !== 0) return false;
  }
  return true;
}

/** Whether a file can exist that both take: none does where both compare a bit and want it different. */
export function patternsOverlap(a: MagicPattern, b: MagicPattern): boolean {
  const start = Math.max(a.offset, b.offset);
  const end = Math.min(a.offset + a.magic.length, b.offset + b.magic.length);
  for (let position = start; position < end; position++) {
    const [inA, inB] = [position - a.offset, position - b.offset];
    const compared = maskAt(a, inA) & maskAt(b, inB);
    if (((byteAt(a.magic, inA) ^ byteAt(b.magic, inB)) & compared) !== 0) return false;
  }
  return true;
}

function maskAt({ mask }: MagicPattern, index: number): number {
  return mask === undefined ? 0xff : byteAt(mask, index);
}

/** Byte by byte, as far as the magic goes. Takes rules, entries and architectures. */
export function compareMagic(header: Uint8Array, rule: MagicPattern): ByteComparison[] {
  const readByKernel = header.subarray(0, ruleLimits.header);
  return Array.from(rule.magic, (expected, index) => {
    const position = rule.offset + index;
    const found = byteAt(readByKernel, position);
    const mask = rule.mask === undefined ? 0xff : byteAt(rule.mask, index);
    return { position, found, mask, expected, equal: ((found ^ expected) & mask) === 0 };
  });
}

function lastExtension(fileName: string): Uint8Array | undefined {
  const dot = fileName.lastIndexOf('.');
  return dot < 0 ? undefined : encodeUtf8(fileName.slice(dot + 1));
}
