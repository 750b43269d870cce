import type { FallbackReason, LogRecord } from '../../tool-tree/index.ts';

/**
 * What a tally keeps at most. A container that invents names costs these few megabytes and no more; what does not fit is
 * counted without its name.
 */
export const limits = { paths: 4096, programsOfPath: 16, reasonsOfPath: 16 } as const;

/** Starts of one program of guests, by its path there. */
export interface PathTally {
  /** Starts by native program. */
  readonly substituted: Map<string, number>;
  readonly emulated: Map<string, FallbackTally>;
}

export interface FallbackTally {
  readonly reason: FallbackReason;
  readonly detail: string;
  times: number;
}

/** Counts what was read from the log. */
export interface Tally {
  readonly paths: Map<string, PathTally>;
  substituted: number;
  emulated: number;
  /** What was told and no interposer tells. */
  garbage: number;
  /** Starts, included in the sums, of programs whose paths did not fit. */
  unnamed: number;
}

export function newTally(): Tally {
  return { paths: new Map(), substituted: 0, emulated: 0, garbage: 0, unnamed: 0 };
}

/** @param record undefined for what no interposer tells */
export function countTold(tally: Tally, record: LogRecord | undefined): void {
  if (record === undefined) {
    tally.garbage += 1;
    return;
  }
  tally[record.kind] += 1;
  const path = pathTally(tally, record.guest);
  if (path === undefined) {
    tally.unnamed += 1;
  } else if (record.kind === 'substituted') {
    countProgram(path, record.program);
  } else {
    countFallback(path, record.reason, record.detail);
  }
}

function pathTally({ paths }: Tally, guest: string): PathTally | undefined {
  const known = paths.get(guest);
  if (known !== undefined || paths.size >= limits.paths) return known;
  const made: PathTally = { substituted: new Map(), emulated: new Map() };
  paths.set(guest, made);
  return made;
}

function countProgram(path: PathTally, program: string): void {
  const { substituted } = path;
  const isFull = substituted.size >= limits.programsOfPath && !substituted.has(program);
  const name = isFull ? '' : program;
  substituted.set(name, (substituted.get(name) ?? 0) + 1);
}

/** Details that do not fit are counted together, for their reason. */
function countFallback({ emulated }: PathTally, reason: FallbackReason, detail: string): void {
  const own = `${reason}\t${detail}`;
  const isFull = emulated.size >= limits.reasonsOfPath && !emulated.has(own);
  const key = isFull ? reason : own;
  const known = emulated.get(key);
  if (known !== undefined) known.times += 1;
  else emulated.set(key, { reason, detail: isFull ? '' : detail, times: 1 });
}
