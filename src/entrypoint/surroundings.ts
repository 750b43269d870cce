import type { Host, System } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { SystemError, ignoring } from '../host/system-error.ts';
import { givenTable } from './given-table.ts';

/** Part of every image; whoever runs the program elsewhere runs it on the host itself. */
export const imageMark = '/usr/share/anyarch/image.json';

/** Where people are told to show the container the host's files: `-v /:/host:ro`. */
const shownAt = '/host';

/** In memory, and there in read-only containers, too. */
const stateWithoutDisk = '/dev/shm/anyarch';

/** The host as it is seen from inside a container of ours; elsewhere as it is. */
export function inContainer(host: Host): Host {
  const isImage = ignoring(['EACCES'], () => host.files.status(imageMark)) !== undefined;
  const system = isImage ? { ...host.system, hostFiles: hostFilesOf(host) } : host.system;
  const binfmt = isImage ? givenTable(host) : host.binfmt;
  return { ...host, binfmt, system: { ...system, environment: withWritableState(host, system) } };
}

/** Which entries are the distribution's is written there. */
function hostFilesOf({ files }: Pick<Host, 'files'>): System['hostFiles'] {
  const isShown = files.status(`${shownAt}/etc`)?.kind === 'directory';
  if (isShown) return { below: shownAt };
  const namespaceOf = (process: string): string | undefined =>
    ignoring(['ENOENT', 'EACCES', 'EPERM'], () => files.readLink(`/proc/${process}/ns/mnt`));
  const [init, own] = [namespaceOf('1'), namespaceOf('self')];
  // With --pid=host the first process is the host's.
  return init !== undefined && own !== undefined && init !== own ? { below: '/proc/1/root' } : 'hidden';
}

/** A read-only container has no place for the ledger; what it says ends with the container anyway. */
function withWritableState({ files }: Pick<Host, 'files'>, system: System): System['environment'] {
  const directory = stateDirectory(system);
  const trial = `${directory}/.writable-${system.pid}`;
  try {
    files.makeDirectory(directory, 0o755);
    // The directory is in the image: that it is there says nothing.
    files.createExclusive(trial, new Uint8Array());
    files.remove(trial);
    return system.environment;
  } catch (error) {
    if (!(error instanceof SystemError) || !['EROFS', 'EACCES', 'EPERM'].includes(error.errno)) throw error;
    return { ...system.environment, ANYARCH_HOME: stateWithoutDisk };
  }
}
