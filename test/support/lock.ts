import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Runs `action` while no other process on this machine holds `file`. flock(1) holds the lock and lives as long as
 * its input stays open, so a test process that is killed never leaves a lock behind.
 */
export async function withLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  const release = await acquireLock(file);
  try {
    return await action();
  } finally {
    await release();
  }
}

export async function acquireLock(file: string): Promise<() => Promise<void>> {
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'close');
  await Promise.race([
    once(holder.stdout, 'data'),
    ended.then(() => Promise.reject(new Error(`flock could not lock ${file}`))),
  ]);
  return async () => {
    holder.stdin.end();
    await ended;
  };
}
