import * as fs from 'node:fs';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { emptyDirectory } from './tree/tree-files.ts';
import { runWorker } from './run-worker.ts';

/** A process that is just being killed may still make something. */
const attempts = 20;
const pauseMs = 50;

/**
 * Empties a directory of files that may belong to the user's subordinate ids.
 *
 * @throws AnyarchError ANYARCH_PERMISSION and what starting a namespace throws
 */
export async function emptyPlace(host: Host, state: string, path: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const errno = await tryToEmpty(host, state, path);
    if (errno === undefined) return;
    if (attempt === attempts || errno !== 'ENOTEMPTY')
      throw new AnyarchError('ANYARCH_FILE', `${path} cannot be emptied (${errno})`, {
        hint: 'look at what is there, and who uses it',
      });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Files of other ids; or paths that are only short enough from inside. */
const forWorker = ['EACCES', 'EPERM', 'ENAMETOOLONG'];

async function tryToEmpty(host: Host, state: string, path: string): Promise<string | undefined> {
  const errno = emptyHere(path);
  if (errno === undefined || !forWorker.includes(errno)) return errno;
  await runWorker(host, { task: 'remove' }, { ids: 'subordinate', place: path, scratch: `${state}/mount` });
  return emptyHere(path);
}

function emptyHere(path: string): string | undefined {
  try {
    emptyDirectory(Buffer.from(path).toString('latin1'));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return fs.existsSync(path) ? code : undefined;
  }
}
