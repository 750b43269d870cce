import { AT_FDCWD, CLONE_NEWNS, CLONE_NEWUSER, O_WRONLY } from '../core/launcher/constants.ts';
import type { Step } from '../core/launcher/program.ts';
import type { Host } from '../host/host.ts';
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
  const { uid, gid } = host.system;
  const steps: (Step & { readonly at: 'namespace' | 'mapping' | 'table' })[] = [
    { at: 'namespace', call: 'unshare', arguments: [CLONE_NEWUSER | CLONE_NEWNS] },
    ...write('/proc/self/setgroups', 'deny'),
    ...write('/proc/self/uid_map', `0 ${uid} 1`),
    ...write('/proc/self/gid_map', `0 ${gid} 1`),
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

function write(path: string, content: string): (Step & { readonly at: 'mapping' })[] {
  const descriptor = { variable: path };
  return [
    { at: 'mapping', call: 'openat', arguments: [AT_FDCWD, path, O_WRONLY], store: descriptor },
    { at: 'mapping', call: 'write', arguments: [descriptor, content, content.length] },
  ];
}
