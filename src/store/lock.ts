import { linkSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnyarchError } from '../core/error.ts';
import type { Files } from '../host/files.ts';
import { SystemError } from '../host/system-error.ts';
import { isAbandoned, ownToken } from './owner.ts';

/** What is done under a lock takes milliseconds, so whoever waits longer than this waits for something broken. */
const waitMs = 20_000;
const pollMs = 20;

/**
 * Runs `action` while no other process does so under the same lock file. A lock whose process is gone is taken over.
 *
 * @throws AnyarchError ANYARCH_LOCKED when another process holds it for 20 s.
 */
export async function withLock<T>(files: Files, path: string, action: () => T): Promise<T> {
  await acquire(files, path);
  try {
    return action();
  } finally {
    rmSync(path, { force: true });
  }
}

async function acquire(files: Files, path: string): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (!tryLock(files, path)) {
    if (breakAbandoned(path)) continue;
    if (performance.now() > deadline) {
      throw new AnyarchError(
        'ANYARCH_LOCKED',
        `another process holds ${path} for more than ${waitMs / 1000} s`,
        {
          hint: `wait for it to end; if there is none, remove ${path}`,
        },
      );
    }
    await sleep(pollMs);
  }
}

function tryLock(files: Files, path: string): boolean {
  try {
    files.createExclusive(path, new TextEncoder().encode(ownToken()));
    return true;
  } catch (error) {
    if (error instanceof SystemError && error.errno === 'EEXIST') return false;
    throw error;
  }
}

/** True when the lock was left behind and is gone now. */
function breakAbandoned(path: string): boolean {
  const judged = inspect(path);
  if (judged === undefined) return true;
  if (!isAbandoned(judged.token, judged.modifiedMs)) return false;
  // A rename moves one file for one process only, so two that break at once cannot both succeed ...
  const aside = `${path}.${ownToken()}.broken`;
  try {
    renameSync(path, aside);
  } catch {
    return true;
  }
  // ... but the second could have moved the first one's new lock: that goes back.
  if (inspect(aside)?.inode !== judged.inode) restore(aside, path);
  rmSync(aside, { force: true });
  return true;
}

function restore(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch {
    // A third process locked in between. What locks protect here is replaced as a whole, so nothing can be torn.
  }
}

function inspect(path: string): { token: string; inode: number; modifiedMs: number } | undefined {
  try {
    const { ino, mtimeMs } = statSync(path);
    return { token: readFileSync(path, 'utf8'), inode: ino, modifiedMs: mtimeMs };
  } catch {
    return undefined;
  }
}
