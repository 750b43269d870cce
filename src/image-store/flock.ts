import * as fs from 'node:fs';
import { nodeFlock } from '../host/node/flock.ts';
import { nodeLaunchers } from '../host/node/launchers.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';

export type FlockHost = Pick<Host, 'files' | 'system' | 'clock'>;

/** A file system or a host without such locks cannot tell; NFS locks no directory (EBADF). */
const unsupported = ['ENOTSUP', 'ENOSYS', 'ENOLCK', 'EINVAL', 'EBADF'];

/**
 * Locks an open file or directory, without writing anything: that works on a full disk, too.
 *
 * @returns undefined where there are no such locks
 */
export function tryFlock(
  host: FlockHost,
  descriptor: number,
  kind: 'exclusive' | 'shared',
): boolean | undefined {
  try {
    return nodeFlock(nodeLaunchers(host))(descriptor, kind);
  } catch (error) {
    if (error instanceof SystemError && unsupported.includes(error.errno)) return undefined;
    throw error;
  }
}

/** Undefined where there is none; last links are not followed. */
export function openIfThere(path: string, flags: number): number | undefined {
  try {
    return fs.openSync(path, flags | fs.constants.O_NOFOLLOW);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Whether the path still names what is open: who had the lock before may have removed or renamed it. */
export function isStill(path: string, descriptor: number): boolean {
  const { ino, dev } = fs.fstatSync(descriptor);
  const now = fs.lstatSync(path, { throwIfNoEntry: false });
  return now?.ino === ino && now.dev === dev;
}
