import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { probeDirectoryName, sweepProbeDirectories } from './probe-leftovers.ts';

type Parts = Pick<Host, 'files' | 'system' | 'clock' | 'log'>;

/** A directory that is ours alone and from which programs can be executed. */
export interface ProbeDirectory {
  readonly path: string;
  remove(): void;
}

/**
 * Makes one, in memory where that can be. Containers often mount /dev/shm noexec. What killed commands left behind in
 * the places that it looks at goes.
 *
 * @throws AnyarchError ANYARCH_FILE when no place will do; `details.rejected` says why for each.
 */
export function makeProbeDirectory(host: Parts, state: string): ProbeDirectory {
  const rejected: string[] = [];
  for (const place of places(host, state)) {
    sweepProbeDirectories(host, place);
    const path = `${place}/${probeDirectoryName(host)}`;
    const reason = prepare(host, path);
    if (reason === undefined) {
      return {
        path,
        remove: () => {
          host.files.remove(path);
        },
      };
    }
    rejected.push(`${place}: ${reason}`);
  }
  throw new AnyarchError('ANYARCH_FILE', 'no directory is fit to execute a probe from', {
    hint: 'set TMPDIR to a directory of yours on a file system that is not mounted noexec',
    details: { rejected },
  });
}

function places({ system: { environment } }: Parts, state: string): string[] {
  const { TMPDIR: temporary, XDG_RUNTIME_DIR: runtime } = environment;
  return [temporary, runtime, '/dev/shm', state, '/tmp', '/var/tmp'].filter(
    (one): one is string => one?.startsWith('/') === true,
  );
}

/** Undefined when the directory is ready; otherwise why it is not. */
function prepare({ files, system }: Parts, path: string): string | undefined {
  try {
    if (files.linkStatus(path) !== undefined) return 'somebody else made it first';
    files.makeDirectory(path, 0o700);
    const made = files.linkStatus(path);
    if (made?.kind !== 'directory' || made.uid !== system.uid || (made.mode & 0o077) !== 0)
      return 'somebody else made it first';
    files.createFleeting(`${path}/executable`, new Uint8Array(), 0o700);
    if (files.isExecutable(`${path}/executable`)) return undefined;
    files.remove(path);
    return 'programs there may not be executed (mounted noexec)';
  } catch (error) {
    if (error instanceof SystemError) return error.errno;
    throw error;
  }
}
