import { describe, expect, it } from 'vitest';
import { cpuBetween, signOfLife } from './judge.ts';
import type { ProcessSample, Sample, ThreadSample, Wait } from './sample.ts';
import { continued } from './watch.ts';

const inside: Wait = { kind: 'inside', text: 'futex, without a time limit' };
const running: Wait = { kind: 'running', text: 'running' };

function thread(changes: Partial<ThreadSample> = {}): ThreadSample {
  return {
    tid: 10,
    name: 'guest',
    state: 'S',
    startTime: '1',
    userMs: 0,
    systemMs: 0,
    cpuMs: 0,
    delayMs: 0,
    sleeps: 3,
    wait: inside,
    ...changes,
  };
}

function process(threads: readonly ThreadSample[], changes: Partial<ProcessSample> = {}): ProcessSample {
  return {
    pid: 10,
    parent: 1,
    transfer: '1 2 3 4',
    pages: { size: 1000, resident: 100 },
    threads,
    ...changes,
  };
}

/** A second apart. */
function sign(before: readonly ProcessSample[], now: readonly ProcessSample[]): string | undefined {
  const first: Sample = { atMs: 0, processes: before };
  return signOfLife({ first, last: first }, { atMs: 1000, processes: now });
}

describe('signOfLife', () => {
  const helper = thread({ tid: 11, name: 'helper' });

  it('sees none in threads that wait for each other', () => {
    expect(sign([process([thread(), helper])], [process([thread(), helper])])).toBeUndefined();
  });

  it('sees none in a thread that uses nothing but CPU time', () => {
    const spinning = thread({ state: 'R', wait: running });
    const later = { ...spinning, cpuMs: 990, userMs: 980, systemMs: 10 };
    expect(sign([process([spinning, helper])], [process([later, helper])])).toBeUndefined();
  });

  it('does not take a share of a busy machine for none', () => {
    const spinning = thread({ state: 'R', wait: running });
    const later = { ...spinning, cpuMs: 300, userMs: 300, delayMs: 700 };
    expect(sign([process([spinning])], [process([later])])).toBeUndefined();
  });

  it.each<[string, Partial<ProcessSample>, RegExp]>([
    ['a read or a write', { transfer: '1 2 3 5' }, /read or wrote/],
    ['memory that was asked for', { pages: { size: 1001, resident: 100 } }, /memory/],
    ['memory that was used for the first time', { pages: { size: 1000, resident: 200 } }, /memory/],
  ])('sees %s', (_what, changes, expected) => {
    expect(sign([process([thread()])], [process([thread()], changes)])).toMatch(expected);
  });

  it.each<[string, Partial<ThreadSample>, RegExp]>([
    [
      'a wait for something outside',
      { wait: { kind: 'outside', text: 'read on descriptor 0' } },
      /descriptor 0/,
    ],
    ['a sleep', { wait: { kind: 'time', text: 'clock_nanosleep' } }, /clock_nanosleep/],
    ['a wait that is not told', { wait: { kind: 'unknown', text: 'not told' } }, /not told/],
    [
      'a short sleep of the main thread',
      { wait: { kind: 'nap', text: 'nanosleep' }, sleeps: 99 },
      /nanosleep/,
    ],
    ['a thread that was woken', { sleeps: 4 }, /woken/],
    ['a stop from outside', { state: 'T' }, /stopped/],
    ['a thread that began another program', { name: 'sh' }, /began/],
    ['the end of a thread', { state: 'Z' }, /ending|ended/],
    ['a wait for a CPU', { state: 'R', wait: running, delayMs: 900 }, /waits for a CPU/],
    [
      'system calls in the time spent in the kernel',
      { state: 'R', wait: running, cpuMs: 990, userMs: 700, systemMs: 290 },
      /system calls/,
    ],
    ['work between sleeps', { state: 'R', wait: running, cpuMs: 500, sleeps: 9 }, /sleeps/],
  ])('sees %s', (_what, changes, expected) => {
    expect(sign([process([thread()])], [process([thread(changes)])])).toMatch(expected);
  });

  it('passes over a thread that only looks around while the others hang', () => {
    const nap: Wait = { kind: 'nap', text: 'nanosleep' };
    const around = (sleeps: number): ThreadSample => thread({ tid: 12, wait: nap, sleeps });
    const hanging = [thread(), helper];
    expect(sign([process([...hanging, around(0)])], [process([...hanging, around(20)])])).toBeUndefined();
    expect(sign([process([...hanging, around(0)])], [process([...hanging, around(1)])])).toMatch(/waits/);
    // Nobody hangs here.
    const alone = { ...thread(), wait: nap };
    expect(sign([process([alone, around(0)])], [process([alone, around(20)])])).toMatch(/waits/);
  });

  it('sees a process that began, and one that ended', () => {
    const other = process([thread({ tid: 20 })], { pid: 20 });
    expect(sign([process([thread()])], [process([thread()]), other])).toMatch(/began or ended/);
    expect(sign([process([thread()]), other], [process([thread()])])).toMatch(/began or ended/);
    expect(sign([process([thread()])], [])).toMatch(/ending/);
  });
});

describe('continued', () => {
  const at = (atMs: number, changes: Partial<ThreadSample> = {}): Sample => ({
    atMs,
    processes: [process([thread(changes)])],
  });

  it('goes on from the first sample until there is a sign of life', () => {
    const quiet = [at(0), at(100), at(200)].reduce<ReturnType<typeof continued> | undefined>(
      (so, now) => continued(so, now, 100),
      undefined,
    );
    expect(quiet).toMatchObject({ first: { atMs: 0 }, last: { atMs: 200 } });
    const woken = quiet === undefined ? undefined : continued(quiet, at(300, { sleeps: 4 }), 100);
    expect(woken).toMatchObject({ first: { atMs: 300 }, last: { atMs: 300 } });
  });

  it('begins anew when nobody looked for a while', () => {
    expect(continued({ first: at(0), last: at(100) }, at(60_000), 100).first.atMs).toBe(60_000);
  });

  it('adds the CPU time of all threads up', () => {
    expect(cpuBetween(at(0), at(100, { cpuMs: 80 }))).toBe(80);
    const ticks = { cpuMs: undefined, userMs: 50, systemMs: 20 };
    expect(cpuBetween(at(0, { cpuMs: undefined }), at(100, ticks))).toBe(70);
  });
});
