import type { Host } from '../host/host.ts';
import type { MountState } from '../host/kernel-table.ts';
import { SystemError, ignoring } from '../host/system-error.ts';
import { wantedFiles } from './wanted.ts';

type Parts = Pick<Host, 'binfmt' | 'files' | 'clock'>;

/** All that a poll looks at, to be compared with what the next one sees. */
export interface Sight {
  readonly table: string;
  /** What is wanted, and the emulators' files. */
  readonly files: string;
}

/** A few system calls. An autofs is triggered, because what is behind it counts. */
export function look({ binfmt, files }: Parts, state: string, emulators: readonly string[]): Sight {
  const found = binfmt.state();
  const mount = found === 'autofs' ? triggered(binfmt) : found;
  const parts: string[] = [mount];
  if (mount === 'mounted') {
    const table = binfmt.table();
    parts.push(table.enabled() ? 'enabled' : 'disabled');
    for (const name of table.list()) parts.push(name, ignoring(['ENOENT'], () => table.read(name)) ?? '');
  }
  const fileParts = [...wantedFiles(state), ...emulators].map((path) => {
    const status = ignoring(['EACCES', 'ELOOP'], () => files.status(path));
    return status === undefined ? '-' : `${status.inode} ${status.size} ${status.modifiedMs}`;
  });
  return { table: parts.join('\n'), files: fileParts.join('\n') };
}

export function sameSight(a: Sight, b: Sight): boolean {
  return a.table === b.table && a.files === b.files;
}

/** Milliseconds. */
const pauseMs = 50;
const mostPauses = 20;

/**
 * Waits until two looks in a row are the same, for a second at most: a service that is restarted removes all of its
 * entries and makes them again, and would stumble over those that we make in between.
 */
export function lookWhenSettled(
  host: Parts,
  state: string,
  emulators: readonly string[],
  first: Sight,
): Sight {
  let last = first;
  for (let pause = 0; pause < mostPauses; pause += 1) {
    host.clock.sleep(pauseMs);
    const now = look(host, state, emulators);
    if (sameSight(now, last)) return now;
    last = now;
  }
  return last;
}

/** What becomes of it when it is touched. */
function triggered(binfmt: Host['binfmt']): MountState {
  try {
    binfmt.trigger();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
  return binfmt.state();
}
