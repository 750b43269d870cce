import {
  AT_FDCWD,
  CLONE_NEWPID,
  O_CLOEXEC,
  O_RDWR,
  PR_SET_DUMPABLE,
  PR_SET_PDEATHSIG,
  SIGKILL,
} from '../core/launcher/constants.ts';
import { hostConstants } from '../core/launcher/host-constants.ts';
import type { LauncherHost } from '../core/launcher/launcher-host.ts';
import type { Step } from '../core/launcher/program.ts';

interface ContainedParts {
  /** Done before, by the process that waits. */
  readonly outside: readonly Step[];
  /** Done by the process that executes, first of all. */
  readonly inside: readonly Step[];
}

/**
 * Steps that execute what others have chosen, so that nothing of ours gets there and nothing of theirs stays: in a session
 * and a namespace of process ids of its own, which ends with the launcher, in the root directory, without files,
 * output and environment. A namespace of process ids does not change which table is in force.
 *
 * @param steps with the descriptors 3 and 4, as `executeAllProgram` has them
 */
export function contained(
  host: LauncherHost,
  { outside, inside }: ContainedParts,
  steps: readonly Step[],
): readonly Step[] {
  const { SIGCHLD } = hostConstants(host);
  const clone = (flags: number, goTo: string) =>
    ({ call: 'clone', arguments: [flags], store: child, when: { equals: 0, goTo } }) satisfies Step;
  return [
    // Nobody in there may look into this process.
    { call: 'prctl', arguments: [PR_SET_DUMPABLE, 0, 0, 0, 0] },
    ...outside,
    endWithParent,
    // Where the host allows no more of these, the programs themselves end with the launcher still.
    {
      ...clone(SIGCHLD + CLONE_NEWPID, 'first'),
      onError: { goTo: 'without ids of its own' },
      next: 'wait for it',
    },
    { label: 'without ids of its own', ...clone(SIGCHLD, 'first') },
    { label: 'wait for it', call: 'wait4', arguments: [child, { pointerTo: status }, 0, 0] },
    { call: 'exit_group', arguments: [{ exitCodeOf: status }] },
    // The namespace ends with its first process, which gets the orphans: it waits for its own child alone.
    { label: 'first', ...endWithParent },
    { ...clone(SIGCHLD, 'contained'), next: 'wait for it' },
    { label: 'contained', call: 'setsid', arguments: [] },
    // Linux before 5.9 does not have it, and no tables of users.
    { call: 'close_range', arguments: [firstForeign, allDescriptors, 0], onError: 'ignore' },
    { call: 'openat', arguments: [AT_FDCWD, '/dev/null', O_RDWR | O_CLOEXEC], store: nowhere },
    ...[0, 1, 2].map((descriptor): Step => ({ call: 'dup3', arguments: [nowhere, descriptor, 0] })),
    { call: 'chdir', arguments: ['/'] },
    ...inside,
    // Cleared by a change of ids.
    endWithParent,
    ...steps.map(executingBare),
  ];
}

const child = { variable: 'contained process' };
const status = { variable: 'contained status' };
const nowhere = { variable: '/dev/null' };

/** Behind the report and the ends, which programs do not inherit. */
const firstForeign = 5;
/** The last argument of close_range(2) that means all of them. */
const allDescriptors = 0xffff_ffff;

const endWithParent: Step = { call: 'prctl', arguments: [PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0] };

function executingBare(step: Step): Step {
  const [path = 0, args = 0] = step.arguments;
  return step.call === 'execve' ? { ...step, arguments: [path, args, 0] } : step;
}
