import { architectureTable } from './architecture-table.ts';
import type { ArchitectureRow } from './architecture-table.ts';

/**
 * A name may be many architectures' (`uname -m` says `mips` on mipsel too): the first kind in this order wins,
 * QEMU's own names before all others.
 */
const kinds: readonly ((row: ArchitectureRow) => readonly string[])[] = [
  (row) => [row.name],
  (row) => row.platforms,
  (row) => row.platforms.map((platform) => platform.slice('linux/'.length)),
  (row) => row.debian,
  (row) => row.machines,
  (row) => row.triplets,
  (row) => row.aliases,
];

const known = new Map<string, ArchitectureRow>();

/** Filled at the first question: not every start of the image's program has one. */
function rowsByName(): ReadonlyMap<string, ArchitectureRow> {
  if (known.size > 0) return known;
  for (const kind of kinds) {
    for (const row of architectureTable) {
      for (const name of kind(row)) if (!known.has(name)) known.set(name, row);
    }
  }
  return known;
}

/** Longer ones than this are no names; it bounds the work on hostile input. Characters. */
const longestName = 64;

/** The row of a name of any kind and case. */
export function rowOfName(name: string): ArchitectureRow | undefined {
  if (name.length > longestName) return undefined;
  const lower = name.toLowerCase();
  return rowsByName().get(lower) ?? rowOfTriplet(lower);
}

/** Every spelling that is looked up, the canonical ones first. */
export function knownNames(): string[] {
  return [...rowsByName().keys()];
}

/** ABIs that say nothing that the CPU's name does not say. `gnux32`, `gnu_ilp32`, `gnuspe` are other architectures. */
const plainAbis = ['gnu', 'gnueabi', 'gnueabihf', 'gnuabi64'];

/** `aarch64-unknown-linux-musl` is looked up as `aarch64-linux-gnu`: neither vendor nor C library make an architecture. */
function rowOfTriplet(name: string): ArchitectureRow | undefined {
  const parts = name.split('-');
  const [cpu, abi] = [parts[0] ?? '', parts[parts.length - 1] ?? ''];
  if (parts.length < 3 || parts.length > 4 || parts[parts.length - 2] !== 'linux') return undefined;
  const gnuAbi = withGnu(abi);
  return (
    rowsByName().get(`${cpu}-linux-${gnuAbi}`) ??
    (plainAbis.includes(gnuAbi) ? rowsByName().get(cpu) : undefined)
  );
}

function withGnu(abi: string): string {
  const library = ['musl', 'uclibc', 'android'].find((prefix) => abi.startsWith(prefix));
  return library === undefined ? abi : `gnu${abi.slice(library.length)}`;
}
