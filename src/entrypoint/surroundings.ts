import type { Host, System } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { givenTable } from './given-table.ts';
import { withMemoryAt } from './memory-state.ts';

/** Part of every image; whoever runs the program elsewhere runs it on the host itself. */
export const imageMark = '/usr/share/anyarch/image.json';

/** Where people are told to show the container the host's files: `-v /:/host:ro`. */
const shownAt = '/host';

/** Only this process sees it. Not the usual directory: what somebody mounts there is still found. */
const stateInMemory = '/run/anyarch';

/** The host as it is seen from inside a container of ours; elsewhere as it is. */
export function inContainer(host: Host): Host {
  const isImage = ignoring(['EACCES'], () => host.files.status(imageMark)) !== undefined;
  const system = isImage ? { ...host.system, hostFiles: hostFilesOf(host) } : host.system;
  const binfmt = isImage ? givenTable(host) : host.binfmt;
  return { ...host, binfmt, system, ...(isImage ? ownState({ ...host, system }) : {}) };
}

/**
 * What a container records goes with it, unless it is told where to keep it. On its disk a ledger would be of use to
 * nobody, and the lock of one that was killed would be in the way when it is started again.
 */
function ownState(host: Pick<Host, 'files' | 'system' | 'clock'>): Partial<Host> {
  const { environment } = host.system;
  if ((environment['ANYARCH_HOME'] ?? '') !== '') return {};
  return {
    files: withMemoryAt(host, stateInMemory),
    system: { ...host.system, environment: { ...environment, ANYARCH_HOME: stateInMemory } },
  };
}

/** A constant of the kernel (include/linux/proc_ns.h, PROC_PID_INIT_INO: 0xEFFFFFFC). */
const initialPidNamespace = 'pid:[4026531836]';

/** Which entries are the distribution's is written there. */
function hostFilesOf({ files }: Pick<Host, 'files'>): System['hostFiles'] {
  const isShown = files.status(`${shownAt}/etc`)?.kind === 'directory';
  if (isShown) return { below: shownAt };
  const namespaceOf = (process: string, kind: string): string | undefined =>
    ignoring(['ENOENT', 'EACCES', 'EPERM'], () => files.readLink(`/proc/${process}/ns/${kind}`));
  // The first process is the host's only with --pid=host: it may be another container's that shares its processes.
  if (namespaceOf('self', 'pid') !== initialPidNamespace) return 'hidden';
  const [init, own] = [namespaceOf('1', 'mnt'), namespaceOf('self', 'mnt')];
  return init !== undefined && own !== undefined && init !== own ? { below: '/proc/1/root' } : 'hidden';
}
