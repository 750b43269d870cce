import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterAttempt, mostPerHour, unDamped, type Damping } from './damping.ts';

/** Monotonic times of the attempts when it is undone `againMs` after each. */
function war(againMs: number, durationMs: number, succeeded = true): number[] {
  const times: number[] = [];
  let state: Damping = unDamped;
  for (let now = 0; now < durationMs; now = Math.max(now + againMs, state.notBefore)) {
    times.push(now);
    state = afterAttempt(state, now, succeeded);
  }
  return times;
}

describe('damping', () => {
  it('acts at once for the first two times, then waits longer and longer', () => {
    const times = war(5000, 3_600_000);
    const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / 1000);
    expect(gaps).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  it('waits from the first failure on', () => {
    expect(afterAttempt(unDamped, 1000, false).notBefore).toBe(11_000);
  });

  it('forgets after peace', () => {
    const tired = [0, 5000, 15_000, 35_000].reduce((state, now) => afterAttempt(state, now, true), unDamped);
    expect(tired.notBefore).toBe(75_000);
    expect(afterAttempt(tired, 35_000 + 299_000, true).notBefore).toBe(334_000 + 80_000);
    expect(afterAttempt(tired, 35_000 + 300_000, true).notBefore).toBe(335_000);
  });

  it('never acts more often in an hour than it may', () => {
    const waits = fc.array(fc.integer({ min: 1, max: 1_500_000 }), { minLength: 20, maxLength: 80 });
    fc.assert(
      fc.property(waits, fc.boolean(), (pauses, succeeded) => {
        let now = 0;
        let state: Damping = unDamped;
        const times: number[] = [];
        for (const pause of pauses) {
          now = Math.max(now + pause, state.notBefore);
          times.push(now);
          state = afterAttempt(state, now, succeeded);
        }
        for (const start of times) {
          const inHour = times.filter((at) => at >= start && at < start + 3_600_000);
          expect(inHour.length).toBeLessThanOrEqual(mostPerHour);
        }
      }),
    );
  });
});
