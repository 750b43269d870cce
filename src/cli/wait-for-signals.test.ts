import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { waitForSignals } from './wait-for-signals.ts';

it('ends by the time, by SIGHUP, also one that came before, and by the signal', async () => {
  const controller = new AbortController();
  const waiter = waitForSignals(controller.signal);
  const long = 60_000;
  try {
    expect(await waiter.wait(1)).toBe('elapsed');
    process.emit('SIGHUP');
    expect(await waiter.wait(long)).toBe('reread');
    const waiting = waiter.wait(long);
    process.emit('SIGHUP');
    expect(await waiting).toBe('reread');
    expect(await waiter.wait(1)).toBe('elapsed');
    const last = waiter.wait(long);
    controller.abort();
    expect(await last).toBe('stop');
    expect(await waiter.wait(long)).toBe('stop');
  } finally {
    waiter.release();
  }
  expect(process.listeners('SIGHUP')).toEqual([]);
});

it('leaves nothing behind, however long it goes on', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const waiter = waitForSignals(new AbortController().signal);
  // At once, because a timer takes a millisecond.
  const waitOften = async (): Promise<number> => {
    for (let batch = 0; batch < 20; batch += 1)
      await Promise.all(Array.from({ length: 10_000 }, () => waiter.wait(0)));
    collect();
    return process.memoryUsage().heapUsed;
  };
  try {
    await waitOften();
    const before = await waitOften();
    // 60 bytes for each of the 200,000 would be twelve megabytes.
    expect((await waitOften()) - before).toBeLessThan(2_000_000);
  } finally {
    waiter.release();
  }
}, 30_000);
