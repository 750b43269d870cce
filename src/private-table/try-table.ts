import { buildLauncher } from '../core/launcher/build-launcher.ts';
import { AT_FDCWD, CLONE_NEWNS, CLONE_NEWUSER, O_WRONLY } from '../core/launcher/constants.ts';
import type { Step } from '../core/launcher/program.ts';
import type { Host } from '../host/host.ts';
import { installLauncher } from '../host/launcher-place.ts';
import { nodeLaunchers } from '../host/node/launchers.ts';
import { errnoName } from '../host/node/system-call.ts';
import { SystemError } from '../host/system-error.ts';

/** How far one gets on the way to a private table. */
export type TableTrial =
  | { readonly outcome: 'made' }
  | { readonly outcome: 'refused'; readonly at: 'namespace' | 'mapping' | 'table'; readonly errno: string };

/**
 * Makes a private table in a namespace that ends with the trial: nothing that anybody else sees changes, and no table
 * is shadowed. Takes about 2 ms.
 *
 * @throws AnyarchError ANYARCH_HOST_UNSUPPORTED, ANYARCH_PERMISSION where there is no place to start a launcher from
 */
export function tryPrivateTable(host: Pick<Host, 'files' | 'system' | 'clock'>): TableTrial {
  const steps: TrialStep[] = [
    ...enterNew(host.system),
    // On /proc, since there is no /proc/sys/fs/binfmt_misc before the module is loaded; the mount does that.
    { at: 'table', call: 'mount', arguments: ['binfmt_misc', '/proc', 'binfmt_misc', 0, 0] },
  ];
  const { failures, exitCode, signal } = nodeLaunchers(host).launch({ steps }, [], 10_000);
  const [failure] = failures;
  if (failure !== undefined)
    return {
      outcome: 'refused',
      at: steps[failure.step]?.at ?? 'namespace',
      errno: errnoName(failure.errno),
    };
  if (exitCode === 0) return { outcome: 'made' };
  // A seccomp filter may kill instead of refusing.
  throw new SystemError('EIO', `launch (${signal ?? `exit code ${exitCode ?? 'none'}`})`);
}

/**
 * What to put before a command so that it runs as root of a namespace that ends with it, as `insideCommand` does for those
 * of a process.
 *
 * @throws AnyarchError ANYARCH_HOST_UNSUPPORTED, ANYARCH_PERMISSION where there is no place to start a launcher from
 */
export function newNamespaceCommand(
  host: Pick<Host, 'files' | 'system' | 'clock'>,
): readonly [launcher: string] {
  const steps: Step[] = [
    ...enterNew(host.system),
    { call: 'execve', arguments: [{ argument: 1 }, { argumentsFrom: 1 }, { environment: true }] },
  ];
  const failing = steps.map((step): Step => ({ ...step, onError: { goTo: 'refused' } }));
  const text = 'anyarch: no namespace can be made\n';
  const refused: Step[] = [
    { label: 'refused', call: 'write', arguments: [2, text, text.length], onError: 'ignore' },
    { call: 'exit_group', arguments: [125] },
  ];
  return [
    installLauncher(host, buildLauncher(nodeLaunchers(host).host(), { steps: [...failing, ...refused] })),
  ];
}

type TrialStep = Step & { readonly at: 'namespace' | 'mapping' | 'table' };

function enterNew({ uid, gid }: Host['system']): TrialStep[] {
  return [
    { at: 'namespace', call: 'unshare', arguments: [CLONE_NEWUSER | CLONE_NEWNS] },
    ...write('/proc/self/setgroups', 'deny'),
    ...write('/proc/self/uid_map', `0 ${uid} 1`),
    ...write('/proc/self/gid_map', `0 ${gid} 1`),
  ];
}

function write(path: string, content: string): TrialStep[] {
  const descriptor = { variable: path };
  return [
    { at: 'mapping', call: 'openat', arguments: [AT_FDCWD, path, O_WRONLY], store: descriptor },
    { at: 'mapping', call: 'write', arguments: [descriptor, content, content.length] },
  ];
}
