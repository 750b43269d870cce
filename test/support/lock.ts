import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandLine } from './processes.ts';

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

/**
 * @param patienceSeconds how long to wait; default: for ever
 * @throws Error that names the holder, when somebody else has it after that time
 */
export async function acquireLock(file: string, patienceSeconds?: number): Promise<() => Promise<void>> {
  mkdirSync(dirname(file), { recursive: true });
  const patience = patienceSeconds === undefined ? [] : ['--timeout', `${patienceSeconds}`];
  const holder = spawn('flock', ['--exclusive', ...patience, file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'close');
  await Promise.race([
    once(holder.stdout, 'data'),
    ended.then(() =>
      Promise.reject(new Error(`flock could not lock ${file}: held by ${holderOf(file) ?? 'nobody'}`)),
    ),
  ]);
  return async () => {
    holder.stdin.end();
    await ended;
  };
}

/** As the kernel lists it; somebody may be waiting for it, too. */
function holderOf(file: string): string | undefined {
  const { ino } = statSync(file);
  const line = readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .find((each) => !each.includes('->') && each.includes(`:${ino} `));
  const pid = / (\d+) [0-9a-f]+:[0-9a-f]+:\d+ /.exec(line ?? '')?.[1];
  return pid === undefined ? undefined : `process ${pid} (${commandLine(pid)})`;
}
