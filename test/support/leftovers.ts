import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './command.ts';
import { allProcesses, commandLine, environmentOf, identify, isAlive, parentOf } from './processes.ts';
import type { ProcessIdentity } from './processes.ts';

/** Marks a run's directory as this process's, so that a later run can tell whether it is still in use. */
export function claimRunDirectory(directory: string): void {
  writeFileSync(join(directory, ownerFile), JSON.stringify(identify(process.pid)));
}

/**
 * Removes what test runs that were killed have left: their processes (engines and containers go on by themselves),
 * their mounts and their directories.
 *
 * @returns what there was, for people
 */
export async function removeLeftovers(temporary = tmpdir()): Promise<string[]> {
  const directories = readdirSync(temporary)
    .filter((name) => /^anyarch-(test|apt|full|killed)-\w{6}$/.test(name))
    .map((name) => join(temporary, name))
    .filter(isAbandoned);
  const told: string[] = [];
  for (const directory of directories) {
    const processes = await endProcesses(directory);
    const mounts = await unmountBelow(directory);
    rmSync(directory, { recursive: true, force: true });
    told.push(`${directory}: ${processes} processes, ${mounts} mounts`);
  }
  return told;
}

const ownerFile = 'owner.json';
// Directories without an owner are some helper's or of an older version: nobody runs tests for so long.
const abandonedAfterMs = 24 * 60 * 60 * 1000;

function isAbandoned(directory: string): boolean {
  const file = join(directory, ownerFile);
  if (existsSync(file)) return !isAlive(JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity);
  const status = statSync(directory, { throwIfNoEntry: false });
  return status !== undefined && Date.now() - status.mtimeMs > abandonedAfterMs;
}

async function endProcesses(directory: string): Promise<number> {
  const ending = withDescendants(allProcesses().filter((pid) => isOfRun(pid, directory)))
    .map(identify)
    .filter((identity) => identity !== undefined);
  for (const { pid } of ending) kill(pid);
  const deadline = performance.now() + 10_000;
  while (ending.some(isAlive) && performance.now() < deadline) await sleep(50);
  return ending.length;
}

function isOfRun(pid: number, directory: string): boolean {
  if (pid === process.pid) return false;
  return (
    environmentOf(pid).includes(`ANYARCH_TEST_RUN_DIR=${directory}`) ||
    commandLine(pid).includes(`${directory}/`)
  );
}

/** What runs in a container knows nothing of the test run; its parent does. */
function withDescendants(roots: readonly number[]): number[] {
  const found = new Set(roots);
  const all = allProcesses();
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const pid of all) if (found.has(parentOf(pid) ?? -1)) found.add(pid);
  }
  found.delete(process.pid);
  return [...found];
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function unmountBelow(directory: string): Promise<number> {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${directory}/`));
  // What was mounted last may lie on what was mounted before.
  for (const point of points.reverse()) await run(['umount', '--lazy', point]);
  return points.length;
}
