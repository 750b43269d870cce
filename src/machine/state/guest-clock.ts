import type { Clock } from '../../host/host.ts';

/** Runs a command in the guest, which gets an answer to its first line. */
export type AskGuest = (
  words: readonly string[],
  answer: (line: string) => string,
) => Promise<{ readonly exitCode: number | undefined }>;

/** Says what the clock shows, and sets it to what it is told. */
const script = 'date +%s.%N; read -r now && date -u -s "@$now" >/dev/null';

/**
 * Sets the clock of a guest that was saved: it still shows the time of that moment, and nothing in the guest notices.
 * Its RTC has the host's time, but needs `hwclock` in the guest, and has seconds only.
 *
 * The time is told to a shell that is there already: an emulated guest takes seconds to log in and become root.
 *
 * @returns how far the clock was behind, in milliseconds, as far as it can be told; undefined where it could not be set
 */
export async function setGuestClock(
  ask: AskGuest,
  user: string,
  clock: Pick<Clock, 'now'>,
): Promise<number | undefined> {
  let late: number | undefined;
  const asRoot = user === 'root' ? [] : ['sudo', '-n'];
  const { exitCode } = await ask([...asRoot, 'sh', '-c', script], (line) => {
    const shown = line.trim() === '' ? Number.NaN : Number(line) * 1000;
    if (!Number.isFinite(shown)) return '';
    late = clock.now() - shown;
    return `${(clock.now() / 1000).toFixed(3)}\n`;
  });
  return exitCode === 0 ? late : undefined;
}
