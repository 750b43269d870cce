import { setImmediate } from 'node:timers/promises';
import { isMissing } from './contender.ts';
import type { Contender, Peer } from './contender.ts';
import { summarize } from './statistics.ts';
import type { Summary } from './statistics.ts';

/** What was found out about one contender; or why nothing was. */
export type Measurement =
  | { readonly name: string; readonly outcome: 'measured'; readonly time: Summary; readonly detail?: string }
  | { readonly name: string; readonly outcome: 'missing' | 'failed'; readonly reason: string };

export interface MeasureOptions {
  /** Timed runs of each contender. */
  readonly rounds: number;
  /** Untimed runs of each before them: files get cached, code gets compiled. */
  readonly warmUps: number;
  /** Milliseconds from any start. Default `performance.now`. */
  readonly now?: () => number;
}

/**
 * Runs the contenders in turns (A B C, B C A, C A B …): a machine that is slower for a while is so for all of them,
 * and none always runs after the same other. One that fails is left out from there on, and the others go on.
 */
export async function measure(peers: readonly Peer[], options: MeasureOptions): Promise<Measurement[]> {
  const records = peers.map((peer) => new Map<string, number[]>([[peer.name, []]]));
  const reasons = new Map<Peer, string>();
  const details = new Map<Peer, string>();
  for (let round = -options.warmUps; round < options.rounds; round += 1) {
    for (const index of turn(peers.length, round + options.warmUps)) {
      const [peer, record] = [peers[index], records[index]];
      if (peer === undefined || record === undefined || isMissing(peer) || reasons.has(peer)) continue;
      try {
        const result = runOnce(peer, options.now ?? (() => performance.now()));
        details.set(peer, result.detail);
        if (round >= 0) addSamples(record, result.samples);
      } catch (error) {
        reasons.set(peer, error instanceof Error ? error.message : String(error));
      }
      // Programs are waited for without the event loop; signals come through here.
      await setImmediate();
    }
  }
  return peers.flatMap((peer, index): Measurement[] => {
    if (isMissing(peer)) return [{ name: peer.name, outcome: 'missing', reason: peer.missing }];
    const reason = reasons.get(peer);
    if (reason !== undefined) return [{ name: peer.name, outcome: 'failed', reason }];
    const detail = details.get(peer) ?? '';
    return [...(records[index] ?? [])].map(([name, samples]) => ({
      name,
      outcome: 'measured',
      time: summarize(samples),
      ...(detail === '' ? {} : { detail }),
    }));
  });
}

/** The order of a round: each starts with another one. */
function turn(count: number, round: number): number[] {
  return Array.from({ length: count }, (_, position) => (position + round) % count);
}

interface Run {
  readonly samples: readonly (readonly [name: string, milliseconds: number])[];
  readonly detail: string;
}

function runOnce({ name, run, check, reset }: Contender, now: () => number): Run {
  try {
    const start = now();
    const parts = run() ?? {};
    const time = now() - start;
    const detail = check?.() ?? '';
    return { samples: [[name, time], ...Object.entries(parts)], detail };
  } finally {
    reset?.();
  }
}

function addSamples(record: Map<string, number[]>, samples: Run['samples']): void {
  for (const [name, milliseconds] of samples) record.set(name, [...(record.get(name) ?? []), milliseconds]);
}
