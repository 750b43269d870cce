import { printable } from '../../core/printable.ts';
import type { LineResult } from './read-results.ts';

/** The first thing that is not the same; undefined when everything is. */
export function differenceOf(plain: LineResult, substituted: LineResult): string | undefined {
  const names = [...new Set([...plain.seen.keys(), ...substituted.seen.keys()])];
  const name = names.find((one) => !same(plain.seen.get(one), substituted.seen.get(one)));
  return name === undefined ? undefined : describe(name, plain.seen.get(name), substituted.seen.get(name));
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

function describe(name: string, plain: Uint8Array | undefined, substituted: Uint8Array | undefined): string {
  const at = firstDifference(plain ?? new Uint8Array(), substituted ?? new Uint8Array());
  return `${printable(name)}: emulated ${excerpt(plain, at)}, native ${excerpt(substituted, at)}`;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  return at;
}

/** The line that differs, or as much as is of use. */
function excerpt(bytes: Uint8Array | undefined, at: number): string {
  if (bytes === undefined) return 'missing';
  const start = at === 0 ? 0 : Math.max(bytes.lastIndexOf(0x0a, at - 1) + 1, at - 60);
  const text = new TextDecoder().decode(bytes.subarray(start, Math.min(at + 60, bytes.length)));
  return `"${printable(text.split('\n')[0] ?? '')}" (${bytes.length} bytes, at ${at})`;
}
