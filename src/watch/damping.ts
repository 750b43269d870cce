/** How often one architecture has been put right, so that two programs that undo each other do not do it for ever. */
export interface Damping {
  /** Monotonic milliseconds of the attempts of the last hour. */
  readonly attempts: readonly number[];
  /** Attempts in a row that nothing came of, or that were undone soon. */
  readonly streak: number;
  /** Monotonic milliseconds: no attempt before. */
  readonly notBefore: number;
}

export const unDamped: Damping = { attempts: [], streak: 0, notBefore: 0 };

const hourMs = 3_600_000;
export const mostPerHour = 12;
const firstDelayMs = 10_000;
const longestDelayMs = 900_000;
/** What holds so long was not undone by a program that does so at once. */
const calmMs = 300_000;

/**
 * What is lost for the first time is put right at once, and so it is the second time; then each attempt waits twice as
 * long as the one before, until there has been peace for a while. What fails waits from the first time on.
 *
 * @param now monotonic milliseconds
 */
export function afterAttempt(before: Damping, now: number, succeeded: boolean): Damping {
  const attempts = [...before.attempts.filter((at) => now - at < hourMs), now];
  const streak = isCalm(before, now) ? 1 : before.streak + 1;
  const doublings = succeeded ? streak - 2 : streak - 1;
  const delay = doublings < 0 ? 0 : delayMs(doublings);
  const oldest = attempts.length < mostPerHour ? undefined : attempts[attempts.length - mostPerHour];
  const hourly = oldest === undefined ? 0 : oldest + hourMs;
  return { attempts, streak, notBefore: Math.max(now + delay, hourly) };
}

/** Milliseconds to the next attempt. */
export function delayMs(doublings: number): number {
  return Math.min(firstDelayMs * 2 ** doublings, longestDelayMs);
}

function isCalm({ attempts, notBefore }: Damping, now: number): boolean {
  const last = attempts.at(-1);
  return last === undefined || now - last >= Math.max(calmMs, 2 * (notBefore - last));
}
