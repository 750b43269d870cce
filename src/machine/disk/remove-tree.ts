import { rm } from 'node:fs/promises';
import type { Host } from '../../host/host.ts';
import { errnoOf } from '../../host/node/system-call.ts';
import { runInside } from './run-inside.ts';

/**
 * Removes a directory of ours, with what a namespace has left there: files of the user's subordinate ids, which only a
 * namespace with the same ids may remove. Nothing there is fine.
 */
export async function removeTree(host: Host, path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'EACCES' && errno !== 'EPERM') throw error;
    await runInside(host, { emulated: [], command: ['rm', '-rf', '--', path], environment: [] });
  }
}
