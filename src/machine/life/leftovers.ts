import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../../host/host.ts';
import { errnoOf } from '../../host/node/system-call.ts';
import type { RunningMachine } from '../record.ts';
import type { Machine } from './machine.ts';
import { servesMachine } from './own-programs.ts';
import { lookAtProcess, processesThatName, type StartedProcess } from './process.ts';
import { socketDirectories } from './sockets.ts';

type Parts = Parameters<typeof processesThatName>[0];

/**
 * Ends what served a machine whose QEMU is gone (the SSH connection, programs of mounts), and empties the directory of its
 * sockets. What else names that directory is not ours to end.
 *
 * @param directory of the sockets
 */
export async function clearSockets(host: Parts, directory: string): Promise<void> {
  const left = processesThatName(host, directory).filter(({ command }) => servesMachine(command, directory));
  for (const { pid } of left) kill(pid, 'SIGTERM');
  for (const process of left)
    if (!(await endsWithin(host, process, 2_000))) {
      kill(process.pid, 'SIGKILL');
      await endsWithin(host, process, 2_000);
    }
  host.files.remove(directory);
}

/**
 * The same for a machine that does not run: a start that was killed before its QEMU was there is noted nowhere, and its
 * mounts' programs would wait for that QEMU for ever.
 *
 * @param last what is noted of its last run
 */
export async function clearLeftovers(
  host: Pick<Host, 'files' | 'system'>,
  { record }: Pick<Machine, 'record'>,
  last: RunningMachine | undefined,
): Promise<void> {
  const noted = last === undefined ? [] : [last.sockets];
  for (const directory of new Set([...noted, ...socketDirectories(host, record)]))
    await clearSockets(host, directory);
}

/** @returns whether it is gone after at most that many milliseconds */
export async function endsWithin(
  { files }: Pick<Host, 'files'>,
  { pid, startTicks }: StartedProcess,
  ms: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (lookAtProcess(files, pid)?.startTicks === startTicks) {
    if (performance.now() > deadline || signal?.aborted === true) return false;
    await sleep(25);
  }
  return true;
}

/** One that is gone already is fine. */
export function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}
