import type { Host } from '../../host/host.ts';
import { tryLock } from '../../host/lock.ts';
import { ignoring } from '../../host/system-error.ts';
import { waitForLock } from '../../host/wait-for-lock.ts';

/** Milliseconds that commands at work are waited for, and between two looks. */
const patienceMs = 10_000;
const pauseMs = 50;

/** No machine can be called so: its lock is `.NAME.lock`. */
export function pruneLockPath(machines: string): string {
  return `${machines}/.pruning`;
}

type Parts = Pick<Host, 'files' | 'clock'>;

/**
 * Whether nothing that machines are made of is being removed. Who changes a machine asks with the machine's lock in his hands, and
 * who removes looks for such locks with this one in his: so at least one of two sees the other.
 */
export function isPruneIdle(host: Parts, machines: string): boolean {
  const path = pruneLockPath(machines);
  if (host.files.linkStatus(path) === undefined) return true;
  const attempt = tryLock(host, path);
  if (!('release' in attempt)) return false;
  attempt.release();
  return true;
}

/**
 * Runs the action while no command is at work at any machine, and none begins.
 *
 * @throws AnyarchError ANYARCH_LOCKED, ANYARCH_CANCELLED
 */
export async function withoutMachineWork<T>(
  host: Parts,
  machines: string,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  host.files.makeDirectory(machines, 0o700);
  const wait = { patienceMs, pauseMs, signal };
  const lock = await waitForLock(host, pruneLockPath(machines), wait);
  try {
    const names = ignoring(['ENOENT'], () => host.files.list(machines)) ?? [];
    for (const name of names.filter((one) => /^\..+\.lock$/.test(one)))
      (await waitForLock(host, `${machines}/${name}`, wait)).release();
    return await action();
  } finally {
    lock.release();
  }
}
