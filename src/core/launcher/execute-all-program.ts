import { F_SETFD, FD_CLOEXEC, PR_GET_NAME, PR_SET_NAME, PR_SET_PDEATHSIG, SIGKILL } from './constants.ts';
import { hostConstants } from './host-constants.ts';
import type { LauncherHost } from './launcher-host.ts';
import type { Program, Step } from './program.ts';

/** Programs that run at the same time: an emulator takes megabytes and two tasks, and machines can be small. */
const atOnce = 8;

/** A launcher is made for a multiple of so many programs: few different ones have to be kept. */
const capacityStep = 8;

/** What `clearArgument` may take away behind the last program: 16 bytes, four words of a 32-bit host. */
const argumentsCleared = 4;

const reportDescriptor = 3;
/** Takes what `readEnds` understands. */
const endsDescriptor = 4;

/** How many programs the launcher is for that executes `count` ones. */
export function capacityFor(count: number): number {
  return Math.ceil(count / capacityStep) * capacityStep;
}

/** The launcher's arguments: empty paths fill it up, whose refusals nobody looks at. */
export function executeAllArguments(programs: readonly string[]): string[] {
  const filling = capacityFor(programs.length) - programs.length + argumentsCleared;
  return [...programs, ...new Array<string>(filling).fill('')];
}

/**
 * Executes many programs, some at a time, each like `executeProgram` and with its path as argv[0] and no further
 * argument. Gives their ends in descriptor 4 and the refused ones in descriptor 3, as failure records whose steps
 * `executionOfStep` knows. Programs that still run are killed with the launcher.
 *
 * @param capacity of `capacityFor`; the arguments are those of `executeAllArguments`
 */
export function executeAllProgram(host: LauncherHost, capacity: number): Program {
  const { SIGCHLD } = hostConstants(host);
  const steps: Step[] = [
    { call: 'fcntl', arguments: [reportDescriptor, F_SETFD, FD_CLOEXEC] },
    { call: 'fcntl', arguments: [endsDescriptor, F_SETFD, FD_CLOEXEC] },
    // For `clearArgument`; the name is given anew by each execve.
    { call: 'prctl', arguments: [PR_SET_NAME, '', 0, 0, 0] },
  ];
  for (let index = 1; index <= capacity; index += 1) {
    if (index > atOnce) steps.push(...awaitOne(`full ${index}`));
    const goTo = `child ${index}`;
    steps.push(
      { call: 'clone', arguments: [SIGCHLD], store: child, when: { equals: 0, goTo } },
      { call: 'write', arguments: [endsDescriptor, { pointerTo: child }, 4] },
    );
  }
  // Fails with ECHILD after the last one.
  steps.push(...awaitOne('rest', { again: true }), {
    label: 'all ended',
    call: 'exit_group',
    arguments: [0],
  });
  for (let index = 1; index <= capacity; index += 1) {
    steps.push(
      { label: `child ${index}`, call: 'prctl', arguments: [PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0] },
      clearArgument(index + 1),
      { call: 'execve', arguments: [{ argument: index }, { argumentsFrom: index }, { environment: true }] },
    );
  }
  return { reportDescriptor, steps };
}

/** Which program a failed step concerns, counted from 0; undefined when it concerns them all. */
export function executionOfStep({ steps }: Program, step: number): number | undefined {
  const failed = steps[step];
  const [path] = failed?.call === 'execve' ? failed.arguments : [];
  return typeof path === 'object' && 'argument' in path ? path.argument - 1 : undefined;
}

const child = { variable: 'child' };
const ended = { variable: 'ended' };
const status = { variable: 'status' };

function awaitOne(label: string, { again = false } = {}): Step[] {
  const none = again ? { onError: { goTo: 'all ended' } } : {};
  return [
    { label, call: 'wait4', arguments: [-1, { pointerTo: status }, 0, 0], store: ended, ...none },
    { call: 'write', arguments: [endsDescriptor, { pointerTo: ended }, 4] },
    {
      call: 'write',
      arguments: [endsDescriptor, { pointerTo: status }, 4],
      ...(again ? { next: label } : {}),
    },
  ];
}

/**
 * Ends the argument vector before argv[n], in this process's own copy. No system call is made for that: this one writes
 * 16 zero bytes, because the process has an empty name.
 */
function clearArgument(n: number): Step {
  return { call: 'prctl', arguments: [PR_GET_NAME, { argumentsFrom: n }, 0, 0, 0] };
}

/** How a started program ended. */
export type ExecutionEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: number };

/** By program, counted from 0: its end; undefined while it runs or was not started. */
export function readEnds(bytes: Uint8Array, host: LauncherHost, count: number): (ExecutionEnd | undefined)[] {
  const little = host.identity.endianness === 'little';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends = new Array<ExecutionEnd | undefined>(count).fill(undefined);
  const running = new Map<number, number>();
  let started = 0;
  // A killed launcher may have got no further than the first half of a pair.
  for (let offset = 0; offset + 4 <= bytes.length; offset += 4) {
    const pid = view.getInt32(offset, little);
    const index = running.get(pid);
    if (index === undefined) {
      running.set(pid, started);
      started += 1;
    } else if (offset + 8 <= bytes.length) {
      offset += 4;
      running.delete(pid);
      if (index < count) ends[index] = endOf(view.getInt32(offset, little));
    }
  }
  return ends;
}

/** wait(2), <sys/wait.h> */
function endOf(waited: number): ExecutionEnd {
  const signal = waited & 0x7f;
  return signal === 0 ? { kind: 'exited', code: (waited >> 8) & 0xff } : { kind: 'signalled', signal };
}
