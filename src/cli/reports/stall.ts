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
}

/** For standard error. */
export function formatStall(stall: Stall, { advisories, trace, debug }: StallContext): string {
  const lines = [
    `anyarch: the guest made no progress for ${formatDuration(stall.quietMs)} and was ended`,
    `  ${verdicts[stall.kind](stall)}`,
    ...stall.processes.filter((process) => !isOurs(process)).flatMap(formatProcess),
    ...(trace === undefined
      ? ['  the system calls before it: --stall-trace']
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

function formatProcess({ pid, command, program, threads, descriptors, status }: ProcessState): string[] {
  const name = command.length > 0 ? command.map(shellWord).join(' ') : (program ?? 'a process');
  const state = status.filter((line) => /^(VmRSS|SigPnd|ShdPnd):/.test(line) && !/: 0+$/.test(line));
  return [
    `  process ${pid}: ${printable(name).slice(0, 200)}`,
    ...threads.flatMap(formatThread),
    ...(state.length === 0 ? [] : [`    ${state.join(', ')}`]),
    ...(descriptors.length === 0
      ? []
      : [`    descriptors: ${printable(descriptors.slice(0, 12).join(', '))}`]),
  ];
}

function formatThread({ tid, name, state, wait, kernelFunction, cpuMs, kernelStack }: ThreadState): string[] {
  const inKernel = kernelFunction === undefined ? '' : `, in ${kernelFunction}`;
  const cpu = cpuMs < 10 ? '' : `, ${formatDuration(cpuMs)} of CPU time`;
  return [
    `    thread ${tid} ${printable(name)}: ${state}, ${printable(wait)}${inKernel}${cpu}`,
    ...(kernelStack.length === 0 ? [] : [`      ${kernelStack.slice(0, 4).map(printable).join(' < ')}`]),
  ];
}
