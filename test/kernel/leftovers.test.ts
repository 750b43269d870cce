import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { succeed } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { claimRunDirectory, removeLeftovers } from '../support/leftovers.ts';
import { identify, isAlive } from '../support/processes.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describeWith([needs.root], 'what a killed test run leaves', () => {
  test('goes: processes, those that they started, mounts and files', async () => {
    const { parent, directory } = runDirectory();
    writeFileSync(join(directory, 'owner.json'), JSON.stringify({ pid: process.pid, startTime: '1' }));
    const left = await startWithChild(directory);
    mkdirSync(join(directory, 'mounted'));
    await succeed(['mount', '-t', 'tmpfs', 'none', join(directory, 'mounted')]);
    writeFileSync(join(directory, 'mounted/file'), '');

    const told = await removeLeftovers(parent);

    expect(told).toEqual([`${directory}: 2 processes, 1 mounts`]);
    expect(existsSync(directory)).toBe(false);
    expect(left.filter(isAlive)).toEqual([]);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(directory);
  });

  test('does not go while the run goes on', async () => {
    const { parent, directory } = runDirectory();
    claimRunDirectory(directory);
    const left = await startWithChild(directory);
    try {
      expect(await removeLeftovers(parent)).toEqual([]);
      expect(existsSync(directory)).toBe(true);
      expect(left.every(isAlive)).toBe(true);
    } finally {
      for (const { pid } of left) process.kill(pid, 'SIGKILL');
    }
  });

  test('stays for a day where nobody knows whose it is', async () => {
    const { parent, directory } = runDirectory();
    expect(await removeLeftovers(parent)).toEqual([]);
    await succeed(['touch', '--date', '2 days ago', directory]);
    expect(await removeLeftovers(parent)).toEqual([`${directory}: 0 processes, 0 mounts`]);
  });
});

function runDirectory(): { parent: string; directory: string } {
  const parent = temporaryDirectory('leftovers');
  const directory = join(parent, 'anyarch-test-abc123');
  mkdirSync(directory);
  return { parent, directory };
}

/** A process of the run, and one of its children that does not know so: as in a container. */
async function startWithChild(directory: string) {
  const script = 'env --ignore-environment sleep 600 & echo $!; wait';
  const child = spawn('sh', ['-c', script], {
    env: { PATH: process.env['PATH'], ANYARCH_TEST_RUN_DIR: directory },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await child.stdout.take(1).toArray()) as Buffer[];
  const pids = [child.pid ?? 0, Number(line?.toString().trim())];
  // Until env has become sleep.
  while (!readFileSync(`/proc/${pids[1]}/cmdline`, 'utf8').startsWith('sleep')) await sleep(10);
  return pids.map(identify).filter((identity) => identity !== undefined);
}
