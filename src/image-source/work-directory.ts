import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFailure } from '../host/file-failure.ts';
import { isAbandoned, ownToken } from '../store/index.ts';

/** How to have it written to another place, for hints. */
export const elsewhere = 'set XDG_CACHE_HOME or ANYARCH_HOME';

/**
 * A new directory for this user only, whose name says whose it is. What killed processes left beside it is removed.
 *
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE
 */
export async function makeWorkDirectory(parent: string): Promise<string> {
  const path = join(parent, `${ownToken()}.${randomBytes(6).toString('hex')}`);
  await prepareWorkPlace(parent);
  try {
    await mkdir(path, { mode: 0o700 });
    return path;
  } catch (error) {
    throw fileFailure(error, path, elsewhere);
  }
}

/** Makes the place for such directories. @throws as `makeWorkDirectory` */
export async function prepareWorkPlace(parent: string): Promise<void> {
  try {
    await prepare(parent);
  } catch (error) {
    throw fileFailure(error, parent, elsewhere);
  }
}

async function prepare(parent: string): Promise<void> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  // What is brought here has not been judged yet: programs with setuid bits must not be reachable for others.
  await chmod(parent, 0o700);
  for (const name of await readdir(parent)) {
    const token = /^(\d+-\d+-\d+)\.[0-9a-f]{12}$/.exec(name)?.[1];
    if (token === undefined) continue;
    const path = join(parent, name);
    const status = await stat(path).catch(() => undefined);
    if (status !== undefined && isAbandoned(token, status.mtimeMs))
      await rm(path, { recursive: true, force: true });
  }
}
