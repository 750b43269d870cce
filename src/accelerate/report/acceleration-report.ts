import { denied } from '../../tool-tree/index.ts';
import type { FallbackReason, StartUp } from '../../tool-tree/index.ts';
import { gainOf, type Gain } from './gain.ts';
import type { FallbackTally, PathTally, Tally } from './tally.ts';

/** What was substituted while the log was followed, and what not and why. A document: `$STATE/acceleration-report.json`. */
export interface AccelerationReport {
  readonly schema: 'anyarch/acceleration-report/1';
  /** ISO 8601: from when to when the log was followed. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Starts of foreign programs that ran as native ones. */
  readonly substituted: number;
  /** Starts of foreign programs that were emulated. */
  readonly emulated: number;
  /** By path in the guest, those that were started most often first. */
  readonly programs: readonly ProgramReport[];
  /** Programs without a recipe, those that were emulated most often first. */
  readonly candidates: readonly Candidate[];
  readonly gain: Gain;
  readonly losses: Losses;
  /** For people: how far it can be believed. */
  readonly told: string;
}

/** A program without a recipe: what could be accelerated next, unless it is denied. */
export interface Candidate {
  readonly path: string;
  readonly times: number;
  /** Why programs of this name are never replaced (tool-tree/groups/denied.ts). */
  readonly denied?: string;
}

export interface ProgramReport {
  readonly path: string;
  readonly substituted: number;
  /** Native programs that ran in its place. */
  readonly by: readonly string[];
  readonly emulated: number;
  /** Most frequent first. */
  readonly reasons: readonly Fallback[];
}

export interface Fallback {
  readonly reason: FallbackReason;
  readonly detail: string;
  readonly times: number;
}

/** What the numbers may lack. The interposer never waits: where too many connections wait to be accepted, it is refused. */
export interface Losses {
  /** Starts that had so many others before them in the queue that some may have been lost; 0: none was, unless a container flooded it. */
  readonly overflows: number;
  /** Connections that told what no interposer does, also native programs that the tree does not have: some program of a container did. */
  readonly garbageLines: number;
  /** Starts, included in the sums, of programs that are not listed because there were too many different ones. */
  readonly unnamedStarts: number;
}

export interface Followed {
  readonly tally: Tally;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly overflows: number;
  readonly processors: number;
}

const candidatesShown = 20;

/** @param startUpOf by path below the mount of the tool tree */
export function accelerationReport(
  { tally, startedAtMs, endedAtMs, overflows, processors }: Followed,
  startUpOf: (program: string) => StartUp | undefined,
): AccelerationReport {
  const programs = [...tally.paths]
    .map(programReport)
    .sort((a, b) => b.substituted + b.emulated - a.substituted - a.emulated || (a.path < b.path ? -1 : 1));
  return {
    schema: 'anyarch/acceleration-report/1',
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: new Date(endedAtMs).toISOString(),
    substituted: tally.substituted,
    emulated: tally.emulated,
    programs,
    candidates: candidatesOf(programs),
    gain: gainOf(tally, startUpOf, (endedAtMs - startedAtMs) * processors),
    losses: { overflows, garbageLines: tally.garbage, unnamedStarts: tally.unnamed },
    told: 'by interposers in the containers: programs there can tell of starts that did not take place, and cannot see or take away what others tell',
  };
}

function programReport([path, { substituted, emulated }]: readonly [string, PathTally]): ProgramReport {
  return {
    path,
    substituted: sum([...substituted.values()]),
    by: [...substituted.keys()].filter((program) => program !== '').sort(),
    emulated: sum([...emulated.values()].map(({ times }) => times)),
    reasons: [...emulated.values()].sort(mostFrequentFirst).map((each) => ({ ...each })),
  };
}

function candidatesOf(programs: readonly ProgramReport[]): AccelerationReport['candidates'] {
  return programs
    .map(({ path, reasons }) => ({
      path,
      times: sum(reasons.filter(({ reason }) => reason === 'unknown').map(({ times }) => times)),
    }))
    .filter(({ times }) => times > 0)
    .sort((a, b) => b.times - a.times)
    .slice(0, candidatesShown)
    .map((candidate) => {
      const reason = denialOf(candidate.path);
      return reason === undefined ? candidate : { ...candidate, denied: reason };
    });
}

function denialOf(path: string): string | undefined {
  const base = path.slice(path.lastIndexOf('/') + 1);
  return denied.find(({ name }) => name === base)?.reason;
}

function mostFrequentFirst(a: FallbackTally, b: FallbackTally): number {
  return b.times - a.times;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
