import type { Clock } from '../../host/host.ts';

/** Runs a command in the guest. */
export type RunInGuest = (
  words: readonly string[],
) => Promise<{ readonly exitCode: number | undefined; readonly stdout: string }>;

/**
 * Sets the clock of a guest that was saved: it still shows the time of that moment, and nothing in the guest notices.
 * Its RTC has the host's time, but needs `hwclock` in the guest, and has seconds only.
 *
 * @returns how far the clock was behind, in milliseconds, as far as it can be told; undefined where it could not be set
 */
export async function setGuestClock(run: RunInGuest, clock: Pick<Clock, 'now'>): Promise<number | undefined> {
  const before = clock.now();
  const { exitCode, stdout } = await run(['date', '+%s.%N']);
  const after = clock.now();
  const shown = Number(stdout.trim()) * 1000;
  if (exitCode !== 0 || !Number.isFinite(shown)) return undefined;
  // The answer is from somewhere in between, and the next command takes about as long to get there.
  const way = (after - before) / 2;
  const late = before + way - shown;
  const seconds = ((clock.now() + way) / 1000).toFixed(3);
  const set = await run(['sudo', '-n', 'date', '-u', '-s', `@${seconds}`]);
  return set.exitCode === 0 ? late : undefined;
}
