import type { Clock } from '../host.ts';

/** Stands still until told otherwise; `sleep` returns at once with the time advanced. */
export interface FakeClock extends Clock {
  advance(ms: number): void;
}

export function fakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let elapsed = 0;
  const advance = (ms: number): void => {
    elapsed += ms;
  };
  return { now: () => startMs + elapsed, monotonic: () => elapsed, sleep: advance, advance };
}
