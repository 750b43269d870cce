import { buildLauncher } from '../../core/launcher/build-launcher.ts';
import { AT_FDCWD } from '../../core/launcher/constants.ts';
import type { Argument, Program, Step } from '../../core/launcher/program.ts';
import type { Host } from '../host.ts';
import { installLauncher } from '../launcher-place.ts';
import { SystemError } from '../system-error.ts';
import { enterNamespacesAt } from './enter-namespaces.ts';
import type { NamespaceKind } from './enter-namespaces.ts';
import { nodeLaunchers } from './launchers.ts';
import { namespaceError } from './namespace-error.ts';
import { errnoName } from './system-call.ts';

type Parts = Pick<Host, 'files' | 'system' | 'clock'>;

export interface InsideOptions {
  /** Also its mount namespace, where the working directory stays the same path if there is one. */
  readonly mount: boolean;
}

/**
 * What to put before a command, whose program is an absolute path, so that it runs in the user namespace of a process
 * (rootlesskit's, podman's pause process …), as its root: `host.processes.run([...insideCommand(…), program, …])`.
 * Standard streams, environment and exit code are the command's own; what cannot be entered or executed any more by
 * then says so on standard error and exits with 125, 126 or 127. A namespace that does not map the id 0 has no root:
 * there the command of a user runs as that user, without capabilities, and root is refused.
 *
 * @throws AnyarchError ANYARCH_PROCESS_NOT_FOUND, ANYARCH_PERMISSION for a process of another user,
 *   ANYARCH_NAMESPACE, ANYARCH_HOST_UNSUPPORTED
 */
export function insideCommand(host: Parts, pid: number, { mount }: InsideOptions): readonly string[] {
  const kinds = (mount ? (['user', 'mnt'] as const) : (['user'] as const)).filter(
    // The kernel refuses to enter the user namespace that one is in (EINVAL).
    (kind) => !isShared(host, pid, kind),
  );
  if (kinds.length === 0) return [];
  const paths = kinds.map((kind) => `/proc/${pid}/ns/${kind}`);
  const launchers = nodeLaunchers(host);
  const entering = enteringSteps(kinds, host.system.uid === 0);
  tryToEnter(launchers, pid, entering, paths);
  return [installLauncher(host, buildLauncher(launchers.host(), enteringProgram(kinds, entering))), ...paths];
}

function isShared({ files }: Parts, pid: number, kind: NamespaceKind): boolean {
  const own = files.readLink(`/proc/self/ns/${kind}`);
  try {
    return files.readLink(`/proc/${pid}/ns/${kind}`) === own;
  } catch (error) {
    if (error instanceof SystemError) throw namespaceError(pid, error.errno, 'open');
    throw error;
  }
}

/** Now, when an error can have a code; the command itself can only tell by its exit code. */
function tryToEnter(
  launchers: ReturnType<typeof nodeLaunchers>,
  pid: number,
  steps: readonly Step[],
  paths: readonly string[],
): void {
  const [failure] = launchers.launch({ steps }, paths, 10_000).failures;
  if (failure === undefined) return;
  throw namespaceError(pid, errnoName(failure.errno), steps[failure.step]?.call ?? 'launch');
}

/** The launcher's arguments are the paths, then the command: one launcher serves all processes. */
function enteringProgram(kinds: readonly NamespaceKind[], entering: readonly Step[]): Program {
  const first = kinds.length + 1;
  const failed = 'cannot be entered';
  const directory = new Uint8Array(4096);
  const entersMounts = kinds.includes('mnt');
  return {
    steps: [
      ...(entersMounts ? [{ call: 'getcwd', arguments: [directory, directory.length] } satisfies Step] : []),
      ...entering.map((step): Step =>
        step.onError === undefined ? { ...step, onError: { goTo: failed } } : step,
      ),
      // Entering a mount namespace leads to its root directory.
      ...(entersMounts ? [{ call: 'chdir', arguments: [directory], onError: 'ignore' } satisfies Step] : []),
      {
        call: 'execve',
        arguments: [{ argument: first }, { argumentsFrom: first }, { environment: true }],
        onError: { goTo: 'cannot be executed' },
      },
      {
        label: 'cannot be executed',
        call: 'faccessat',
        arguments: [AT_FDCWD, { argument: first }, 0],
        onError: { goTo: 'is missing' },
      },
      ...complain('is refused', 'anyarch: the command cannot be executed in the namespaces\n', 126),
      ...complain('is missing', 'anyarch: the command does not exist in the namespaces\n', 127),
      ...complain(failed, 'anyarch: the namespaces of the process cannot be entered any more\n', 125),
    ],
  };
}

/**
 * A user who is not root has but the own id, mapped or not. Root must not stay root of the host in there, and keeps no
 * groups: what runs inside is chosen by others, by the table and by the files.
 */
function enteringSteps(kinds: readonly NamespaceKind[], isRoot: boolean): Step[] {
  const entering = enterNamespacesAt(pathArguments(kinds));
  if (!kinds.includes('user')) return entering;
  const becomeRoot = (['setresgid', 'setresuid'] as const).map((call): Step => ({
    call,
    arguments: [0, 0, 0],
    ...(isRoot ? {} : { onError: 'ignore' }),
  }));
  return [
    ...(isRoot ? [{ call: 'setgroups', arguments: [0, 0], onError: 'ignore' } satisfies Step] : []),
    ...entering,
    ...becomeRoot,
  ];
}

function complain(label: string, text: string, exitCode: number): Step[] {
  return [
    { label, call: 'write', arguments: [2, text, text.length], onError: 'ignore' },
    { call: 'exit_group', arguments: [exitCode] },
  ];
}

function pathArguments(kinds: readonly NamespaceKind[]): Readonly<Partial<Record<NamespaceKind, Argument>>> {
  return Object.fromEntries(kinds.map((kind, index) => [kind, { argument: index + 1 }]));
}
