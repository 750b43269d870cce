import { setImmediate } from 'node:timers/promises';
import { isMissing } from './contender.ts';
import type { Contender, Peer } from './contender.ts';
import { messageOf } from './message.ts';
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
  const now = options.now ?? (() => performance.now());
  const trials = peers.map(newTrial);
  for (const trial of trials) attempt(trial, ({ prepare }) => prepare?.());
  for (let round = -options.warmUps; round < options.rounds; round += 1) {
    for (const trial of turn(trials, round + options.warmUps)) {
      attempt(trial, (contender) => {
        const { samples, detail } = runOnce(contender, now);
        trial.detail = detail;
        if (round >= 0) addSamples(trial.samples, samples);
      });
      // Programs are waited for without the event loop; signals come through here.
      await setImmediate();
    }
  }
  for (const trial of trials) close(trial);
  return trials.flatMap(measurementsOf);
}

/** What is known so far about one contender. */
interface Trial {
  readonly peer: Peer;
  readonly samples: Map<string, number[]>;
  detail: string;
  /** Why it takes part no more. */
  failure: string | undefined;
}

function newTrial(peer: Peer): Trial {
  return { peer, samples: new Map([[peer.name, []]]), detail: '', failure: undefined };
}

function attempt(trial: Trial, action: (contender: Contender) => void): void {
  if (isMissing(trial.peer) || trial.failure !== undefined) return;
  try {
    action(trial.peer);
  } catch (error) {
    trial.failure = messageOf(error);
  }
}

/** Also of one that has failed. */
function close(trial: Trial): void {
  try {
    if (!isMissing(trial.peer)) trial.peer.close?.();
  } catch (error) {
    trial.failure ??= messageOf(error);
  }
}

function measurementsOf({ peer, samples, detail, failure }: Trial): Measurement[] {
  const { name } = peer;
  if (isMissing(peer)) return [{ name, outcome: 'missing', reason: peer.missing }];
  if (failure !== undefined) return [{ name, outcome: 'failed', reason: failure }];
  return [...samples].map(([part, times]) => ({
    name: part,
    outcome: 'measured',
    time: summarize(times),
    ...(detail === '' ? {} : { detail }),
  }));
}

/** The order of a round: each starts with another one. */
function turn<T>(all: readonly T[], round: number): T[] {
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
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
    return { samples: Object.entries({ [name]: time, ...parts }), detail };
  } finally {
    reset?.();
  }
}

function addSamples(record: Map<string, number[]>, samples: Run['samples']): void {
  for (const [name, milliseconds] of samples) record.set(name, [...(record.get(name) ?? []), milliseconds]);
}
