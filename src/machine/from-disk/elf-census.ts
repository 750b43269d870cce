import { architectureOfElf } from '../../core/elf-architecture.ts';
import { isElf, readElfHeader } from '../../core/elf-header.ts';
import { AnyarchError } from '../../core/error.ts';
import type { TarEntry, TarTaker } from '../../image-store/index.ts';

/** What programs of a system are for, and what else the archive tells about it. */
export interface Census extends TarTaker {
  /** By architecture's name, the most frequent first. */
  readonly architectures: () => readonly (readonly [name: string, programs: number])[];
  /** Whether there is a file or link of this path, without a leading slash. */
  readonly has: (path: string) => boolean;
  /** All files, links, directories. */
  readonly entries: () => number;
}

/** Programs that people start: emulators' data and firmware of other machines are elsewhere. */
const programs = /^(usr\/)?s?bin\/[^/]+$/;
/** Enough for the ELF header. */
const headerBytes = 64;
/** What a container starts with. */
const shells = new Set(['bin/bash', 'usr/bin/bash', 'bin/sh', 'usr/bin/sh']);

export function createCensus(): Census {
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  let entries = 0;
  let wanted = false;
  let head = Buffer.alloc(0);
  return {
    open: (entry) => {
      entries += 1;
      const path = pathOf(entry);
      if (shells.has(path)) seen.add(path);
      wanted = entry.kind === 'file' && programs.test(path);
      head = Buffer.alloc(0);
    },
    data: (piece) => {
      if (wanted && head.length < headerBytes) head = Buffer.concat([head, piece.subarray(0, headerBytes)]);
    },
    close: () => {
      const name = wanted ? architectureOfHead(head) : undefined;
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
      wanted = false;
    },
    architectures: () => [...counts].toSorted(([, a], [, b]) => b - a),
    has: (path) => seen.has(path),
    entries: () => entries,
  };
}

function pathOf({ path }: Pick<TarEntry, 'path'>): string {
  return path.replace(/^\.\//, '').replace(/\/$/, '');
}

function architectureOfHead(head: Buffer): string | undefined {
  if (head.length < headerBytes || !isElf(head)) return undefined;
  try {
    return architectureOfElf(readElfHeader(head))?.name;
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}
