import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { laboratoryWith, type Laboratory } from './laboratory.ts';
import { mustSucceed } from './entries.ts';

/** Ids that are mapped: root, users and nobody. */
const count = 65536;

/**
 * As `privateLaboratory`, with the ids of many users, so that one program can run with the rights of another. Needs root: who
 * enters the namespace may not map more than itself.
 */
export async function manyIdsLaboratory(): Promise<Laboratory> {
  // Ends with this process, because its standard input does.
  const holder = spawn('unshare', ['--user', '--mount', '--propagation', 'private', 'cat'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const { pid } = holder;
  if (pid === undefined) throw new Error('unshare did not start');
  const close = async (): Promise<void> => {
    const exit = once(holder, 'exit');
    holder.stdin.end();
    await exit;
  };
  const own = readlinkSync('/proc/self/ns/user');
  while (
    readlinkSync(`/proc/${pid}/ns/user`) === own ||
    !readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('cat')
  )
    await new Promise((resolve) => setTimeout(resolve, 5));
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${pid}/${map}`, `0 0 ${count}`);
  const enter = ['nsenter', '--target', `${pid}`, '--user', '--mount', '--preserve-credentials', '--'];
  const laboratory = laboratoryWith((command) => [...enter, ...command], close);
  await mustSucceed(laboratory, ['mount', '-t', 'binfmt_misc', 'binfmt_misc', '/proc/sys/fs/binfmt_misc']);
  return laboratory;
}
