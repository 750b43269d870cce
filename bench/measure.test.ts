import { describe, expect, test } from 'vitest';
import type { Contender } from './contender.ts';
import { measure } from './measure.ts';

/** A clock that only the contenders move. */
function stage() {
  let clock = 0;
  const calls: string[] = [];
  const contender = (name: string, ...durations: number[]): Contender => ({
    name,
    run: () => {
      calls.push(name);
      clock += durations.shift() ?? 0;
      return undefined;
    },
  });
  return { calls, contender, now: () => clock, pass: (ms: number) => (clock += ms) };
}

describe('measure', () => {
  test('lets contenders take turns, each round beginning with another one', async () => {
    const { calls, contender, now } = stage();
    await measure([contender('a'), contender('b'), contender('c')], { rounds: 2, warmUps: 1, now });
    expect(calls.join('')).toBe('abcbcacab');
  });

  test('leaves the warm-up out of the numbers', async () => {
    const { contender, now } = stage();
    const [measured] = await measure([contender('a', 1000, 4, 2, 3)], { rounds: 3, warmUps: 1, now });
    expect(measured).toEqual({
      name: 'a',
      outcome: 'measured',
      time: { median: 3, min: 2, max: 4, count: 3 },
    });
  });

  test('times neither the check nor the reset, and shows what the check says', async () => {
    const { contender, now, pass } = stage();
    const slow = { ...contender('a', 5, 5), check: () => `${pass(100)} passed`, reset: () => pass(1000) };
    const [measured] = await measure([slow], { rounds: 2, warmUps: 0, now });
    expect(measured).toMatchObject({ time: { median: 5, max: 5 }, detail: '1210 passed' });
  });

  test('reports the parts that a contender has timed itself', async () => {
    const { contender, now } = stage();
    const parts = [{ inner: 2 }, { inner: 4 }];
    const whole = { ...contender('whole', 10, 20) };
    const nested: Contender = { ...whole, run: () => (whole.run(), parts.shift()) };
    const measured = await measure([nested], { rounds: 2, warmUps: 0, now });
    expect(measured).toMatchObject([
      { name: 'whole', time: { median: 15 } },
      { name: 'inner', time: { median: 3 } },
    ]);
  });

  test('believes a contender that has timed the whole by itself', async () => {
    const { contender, now } = stage();
    const own = { ...contender('own', 10), run: () => ({ own: 3 }) };
    const measured = await measure([own], { rounds: 1, warmUps: 0, now });
    expect(measured).toMatchObject([{ name: 'own', time: { median: 3, count: 1 } }]);
  });

  test('goes on without one that fails, resets it, and says why', async () => {
    const { calls, contender, now } = stage();
    let resets = 0;
    const check = () => {
      throw new Error('nothing was registered');
    };
    const failing = { ...contender('bad'), check, reset: () => (resets += 1) };
    const measured = await measure([failing, contender('good', 1, 1)], { rounds: 2, warmUps: 0, now });
    expect(measured).toMatchObject([
      { name: 'bad', outcome: 'failed', reason: 'nothing was registered' },
      { name: 'good', outcome: 'measured' },
    ]);
    expect(resets).toBe(1);
    expect(calls.filter((name) => name === 'bad')).toHaveLength(1);
  });

  test('prepares and closes each once, also one that cannot be prepared', async () => {
    const { calls, contender, now } = stage();
    const note = (what: string) => () => {
      calls.push(what);
      if (what === 'prepare bad') throw new Error('no store');
    };
    const peers = ['good', 'bad'].map((name) => ({
      ...contender(name),
      prepare: note(`prepare ${name}`),
      close: note(`close ${name}`),
    }));
    const measured = await measure(peers, { rounds: 2, warmUps: 0, now });
    expect(calls).toEqual(['prepare good', 'prepare bad', 'good', 'good', 'close good', 'close bad']);
    expect(measured).toMatchObject([
      { outcome: 'measured' },
      { name: 'bad', outcome: 'failed', reason: 'no store' },
    ]);
  });

  test('names what is missing', async () => {
    const measured = await measure([{ name: 'peer', missing: 'no such program' }], { rounds: 1, warmUps: 1 });
    expect(measured).toEqual([{ name: 'peer', outcome: 'missing', reason: 'no such program' }]);
  });
});
