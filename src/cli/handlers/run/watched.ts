import { runGuest, type GuestOutcome, type GuestRun } from '../../../run/index.ts';
import type { Context, Outcome } from '../../command.ts';
import { guestResult } from '../../guest-result.ts';
import type { GuestEmulator } from './guest-binds.ts';
import type { GuestWatch, Watched, WatchOptions } from './watched-guest.ts';

export type WatchedRun = GuestRun & { readonly emulated: readonly GuestEmulator[] };

/** Runs a guest, and looks after it. */
export async function runWatched(context: Context, options: WatchOptions, run: WatchedRun): Promise<Outcome> {
  const watched = {
    context,
    emulated: run.emulated,
    program: run.command[0] ?? '',
    root: run.root.kind === 'host' ? undefined : run.root.path,
    isApart: true,
  };
  const watch = await watchGuest(options, watched);
  try {
    return await finishGuest(await runGuest(context.host, withWatch(run, watch)), watch, watched);
  } finally {
    watch?.close();
  }
}

function withWatch(run: GuestRun, watch: GuestWatch | undefined): GuestRun {
  if (watch === undefined) return run;
  return {
    ...run,
    environment: [...run.environment, ...watch.environment],
    binds: [...watch.binds, ...run.binds],
    signal: watch.signal,
    ...(watch.onErrorOutput === undefined ? {} : { onErrorOutput: watch.onErrorOutput }),
    onStarted: (pid) => {
      run.onStarted?.(pid);
      watch.onStarted(pid);
    },
  };
}

/** Undefined where nothing of the kind is asked for: then nothing is loaded either. */
export async function watchGuest(options: WatchOptions, watched: Watched): Promise<GuestWatch | undefined> {
  const isWanted =
    options['stall-timeout'] !== undefined ||
    options['stall-report'] !== undefined ||
    options['stall-trace'] === true ||
    options['explain-crash'] === true;
  return isWanted ? (await import('./guest-watch.ts')).guestWatch(options, watched) : undefined;
}

/** How a guest ended, and why where something went wrong that is not the guest's own matter. */
export async function finishGuest(
  outcome: GuestOutcome,
  watch: GuestWatch | undefined,
  watched: Watched,
): Promise<Outcome> {
  if (watch !== undefined) return await watch.finish(outcome);
  // Exit codes that shells make of signals begin here; they are looked at where they are explained.
  if (outcome.exitCode <= 128 || watched.emulated.length === 0)
    return guestResult(outcome.exitCode, outcome.message);
  return (await import('./explain-crash.ts')).explainCrash(outcome, watched, undefined);
}
