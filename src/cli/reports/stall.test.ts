import { expect, it } from 'vitest';
import { matchAdvisories } from '../../advisories/index.ts';
import type { ProcessState, Stall } from '../../stall/index.ts';
import { formatCrash } from './crash.ts';
import { formatStall } from './stall.ts';

const waiting: ProcessState = {
  pid: 10,
  parent: 9,
  command: ['/q/qemu-aarch64', '/bin/x\u001b[2J'],
  program: '/q/qemu-aarch64',
  threads: [
    {
      tid: 10,
      name: 'x',
      state: 'S',
      wait: 'futex, without a time limit',
      kernelFunction: 'futex_do_wait',
      kernelStack: [],
      cpuMs: 0,
    },
  ],
  descriptors: ['0 → /dev/null'],
  status: ['VmRSS: 12 kB', 'SigPnd: 0000000000000000'],
};
const launcher: ProcessState = { ...waiting, pid: 9, command: ['anyarch-run', '/'] };
const stall: Stall = { kind: 'waits', quietMs: 60_000, cpuMs: 3, processes: [launcher, waiting] };

it('tells what a guest waits for, with nothing that a terminal obeys', () => {
  const text = formatStall(stall, {
    advisories: [],
    trace: ['10 futex('],
    debug: ['anyarch', 'debug', 'a b'],
    isEmulated: true,
    report: undefined,
  });
  expect(text).toBe(`anyarch: the guest made no progress for 60 s and was ended
  its threads wait for each other: nothing reads, writes, begins or ends, and nothing from outside is waited for (a deadlock)
  process 10: /q/qemu-aarch64 '/bin/x\\x1b[2J'
    thread 10 x: S, futex, without a time limit, in futex_do_wait
    VmRSS: 12 kB
    descriptors: 0 → /dev/null
  last system calls:
    10 futex(
  next: look into it with anyarch debug 'a b'
`);
});

it('tells a spinning guest, and what is known of its emulator', () => {
  const spinning = { ...stall, kind: 'spins', cpuMs: 59_000 } as const;
  const advisories = matchAdvisories(
    { emulator: { version: '7.2.0' }, host: 'x86_64', guest: 'aarch64' },
    { effects: ['hang'] },
  );
  const text = formatStall(spinning, {
    advisories,
    trace: undefined,
    debug: undefined,
    isEmulated: true,
    report: undefined,
  });
  expect(text).toContain('59 s of CPU time without a system call');
  expect(text).toContain('--stall-trace');
  expect(text).toMatch(/known \((measured|confirmed|reported|disputed)\): /);
});

const bare = { advisories: [], trace: undefined, debug: undefined, isEmulated: false, report: undefined };

it('says nothing of what only emulators can tell to those who have none', () => {
  expect(formatStall(stall, bare)).not.toContain('--stall-trace');
});

it('takes threads that do the same together, and those that have ended', () => {
  const [thread] = waiting.threads;
  const threads = Array.from({ length: 8000 }, (_, index) => ({ ...thread!, tid: 10 + index }));
  const zombies = Array.from({ length: 200 }, (_, index) => ({
    ...waiting,
    pid: 100 + index,
    threads: [{ ...thread!, state: 'Z' }],
  }));
  const text = formatStall({ ...stall, processes: [{ ...waiting, threads }, ...zombies] }, bare);
  expect(text).toContain('    8000 threads, such as 10 x: S, futex, without a time limit');
  expect(text).toContain('that nobody has waited for: 200, such as 100\n');
  expect(text.split('\n').length).toBeLessThan(12);
});

it('is short, whatever there is', () => {
  const processes = Array.from({ length: 500 }, (_, index) => ({ ...waiting, pid: index }));
  const text = formatStall({ ...stall, processes }, { ...bare, report: 's.json' });
  expect(text.split('\n').length).toBeLessThan(70);
  expect(text).toContain('lines more: s.json has all\n');
});

it.each([
  ['program', 'may have been ended by SIGSEGV in its own code'],
  ['either', 'may have been ended by SIGSEGV'],
  ['emulator', 'the emulator itself may have failed'],
  ['aborted', 'may have ended itself'],
] as const)('claims no more than an exit code or a line tells: %s', (kind, expected) => {
  const crash = { kind, signal: 'SIGSEGV', isOfChild: true, message: undefined };
  const emulator = { target: 'aarch64', version: '7.2.0' };
  expect(formatCrash(crash, { emulator, program: '/x', advisories: [] })).toContain(expected);
});

it.each([
  ['emulator', 'the emulator itself failed (qemu-aarch64 7.2.0, SIGSEGV), not the program in it'],
  ['program', '/x was ended by SIGSEGV in its own code'],
  ['either', '--explain-crash tells them apart'],
  ['aborted', '/x ended itself (SIGABRT)'],
  ['start', 'qemu-aarch64 7.2.0 could not start /x'],
] as const)('tells who crashed: %s', (kind, expected) => {
  const crash = { kind, signal: 'SIGSEGV', isOfChild: false, message: undefined };
  const emulator = { target: 'aarch64', version: '7.2.0' };
  expect(formatCrash(crash, { emulator, program: '/x', advisories: [] })).toContain(expected);
});
