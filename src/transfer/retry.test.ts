import { describe, expect, it } from 'vitest';
import { fakeLog } from '../host/testing/fake-log.ts';
import { TransientFailure } from './failure.ts';
import { repeating } from './retry.ts';

/** Attempts that come this far, one after the other, and fail; the last one for ever. */
async function attemptsOf(positions: readonly number[]): Promise<number> {
  let count = 0;
  let position = 0;
  const attempt = () => {
    position = positions[Math.min(count, positions.length - 1)] ?? 0;
    count += 1;
    return Promise.reject(new TransientFailure('cut'));
  };
  await expect(
    repeating({ log: fakeLog(), firstDelayMs: 0 }, 'x', attempt, () => (count > 50 ? 0 : position)),
  ).rejects.toThrow('cut');
  return count;
}

describe('repeating', () => {
  it('ends after four attempts in a row that bring nothing', async () => {
    expect(await attemptsOf([0])).toBe(4);
    expect(await attemptsOf([10, 20, 30])).toBe(6);
  });

  it('takes the same bytes again for nothing', async () => {
    expect(await attemptsOf([25, 50, 25, 50, 25, 50, 25, 50, 25, 50])).toBe(5);
    expect(await attemptsOf([50, 0, 50, 0, 50, 0, 50, 0, 50, 0])).toBe(4);
  });

  it('says why it waits, when it waits for long', async () => {
    const log = fakeLog();
    let count = 0;
    const attempt = () => {
      count += 1;
      if (count > 2) return Promise.resolve('done');
      const retryAfterMs = count === 1 ? 2001 : 1;
      return Promise.reject(new TransientFailure('busy', { retryAfterMs }));
    };
    expect(await repeating({ log }, 'a registry', attempt)).toBe('done');
    expect(log.messages).toEqual([
      { level: 'info', message: 'a registry: busy; trying again in 3 s' },
      { level: 'debug', message: 'a registry: busy; trying again in 1 ms' },
    ]);
  }, 10_000);
});
