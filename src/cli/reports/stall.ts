import type { AdvisoryMatch } from '../../advisories/index.ts';
import { printable } from '../../core/printable.ts';
import { shellWord } from '../../core/shell-word.ts';
import { formatDuration, type ProcessState, type Stall, type ThreadState } from '../../stall/index.ts';
import { formatAdvisories } from './advisories.ts';

export interface StallContext {
  readonly advisories: readonly AdvisoryMatch[];
  /** The last system calls, as QEMU told them; undefined where it was not asked for them. */
  readonly trace: readonly string[] | undefined;
  /** How to look into the guest: words of a command. */
  readonly debug: readonly string[] | undefined;
  /** Whether there is an emulator that could tell system calls. */
  readonly isEmulated: boolean;
  /** Where all of it is written to; undefined where nobody asked for it. */
  readonly report: string | undefined;
}

/** Of the processes; the report has all. */
const mostLines = 60;

/** For standard error. */
export function formatStall(stall: Stall, context: StallContext): string {
  const { advisories, trace, debug, isEmulated } = context;
  const lines = [
    `anyarch: the guest made no progress for ${formatDuration(stall.quietMs)} and was ended`,
    `  ${verdicts[stall.kind](stall)}`,
    ...cut(formatProcesses(stall.processes.filter((process) => !isOurs(process))), context),
    ...(trace === undefined && isEmulated ? ['  the system calls before it: --stall-trace'] : []),
    ...(trace === undefined
      ? []
      : ['  last system calls:', ...trace.map((line) => `    ${printable(line)}`)]),
    ...formatAdvisories(advisories),
    ...(debug === undefined ? [] : [`  next: look into it with ${debug.map(shellWord).join(' ')}`]),
  ];
  return `${lines.join('\n')}\n`;
}

const verdicts: Readonly<Record<Stall['kind'], (stall: Stall) => string>> = {
  waits: () =>
    'its threads wait for each other: nothing reads, writes, begins or ends, and nothing from outside is waited for (a deadlock)',
  spins: ({ cpuMs }) =>
    `it used ${formatDuration(cpuMs)} of CPU time without a system call: it spins, or it computes, which cannot be told apart; if it computes, give it a longer --stall-timeout`,
};

/** The launcher and the namespace's init, which only wait for the guest. */
function isOurs({ command }: ProcessState): boolean {
  return command[0] === 'anyarch-run';
}

function cut(lines: readonly string[], { report }: StallContext): readonly string[] {
  if (lines.length <= mostLines) return lines;
  const where = report === undefined ? '--stall-report FILE has all' : `${shellWord(report)} has all`;
  return [...lines.slice(0, mostLines), `  … and ${lines.length - mostLines} lines more: ${where}`];
}

function formatProcesses(processes: readonly ProcessState[]): string[] {
  const ended = processes.filter(hasEnded);
  const [first] = ended;
  return [
    ...processes.filter((process) => !hasEnded(process)).flatMap(formatProcess),
    ...(first === undefined
      ? []
      : [
          `  processes that have ended, and that nobody has waited for: ${ended.length}, such as ${first.pid}`,
        ]),
  ];
}

function hasEnded({ threads }: ProcessState): boolean {
  return threads.every(({ state }) => state === 'Z' || state === 'X');
}

function formatProcess({ pid, command, program, threads, descriptors, status }: ProcessState): string[] {
  const name = command.length > 0 ? command.map(shellWord).join(' ') : (program ?? 'a process');
  const state = status.filter((line) => /^(VmRSS|SigPnd|ShdPnd):/.test(line) && !/: 0+$/.test(line));
  return [
    `  process ${pid}: ${printable(name).slice(0, 200)}`,
    ...grouped(threads).flatMap(formatThreads),
    ...(state.length === 0 ? [] : [`    ${state.join(', ')}`]),
    ...(descriptors.length === 0
      ? []
      : [`    descriptors: ${printable(descriptors.slice(0, 12).join(', '))}`]),
  ];
}

/** Threads that do the same, in the order of the first of each. */
function grouped(threads: readonly ThreadState[]): (readonly [ThreadState, ...ThreadState[]])[] {
  const groups = new Map<string, [ThreadState, ...ThreadState[]]>();
  for (const thread of threads) {
    const { name, state, wait, cpuMs } = thread;
    const key = [name, state, wait, cpuMs < 10 ? '' : formatDuration(cpuMs)].join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thread]);
    else group.push(thread);
  }
  return [...groups.values()];
}

function formatThreads([thread, ...others]: readonly [ThreadState, ...ThreadState[]]): string[] {
  const { tid, name, state, wait, kernelFunction, cpuMs, kernelStack } = thread;
  const who = others.length === 0 ? `thread ${tid}` : `${others.length + 1} threads, such as ${tid}`;
  const inKernel = kernelFunction === undefined ? '' : `, in ${kernelFunction}`;
  const cpu = cpuMs < 10 ? '' : `, ${formatDuration(cpuMs)} of CPU time`;
  return [
    `    ${who} ${printable(name)}: ${state}, ${printable(wait)}${inKernel}${cpu}`,
    ...(kernelStack.length === 0 ? [] : [`      ${kernelStack.slice(0, 4).map(printable).join(' < ')}`]),
  ];
}
