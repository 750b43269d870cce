import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectories } from '../host/node/make-directories.ts';
import { storedPath, type StoredFile } from '../host/stored-path.ts';
import { fileFailure } from '../host/file-failure.ts';
import { isAbandoned, ownToken } from './owner.ts';

/**
 * Writes content into the store of `directory`: to a temporary file first, then, complete and on the disk, to its
 * final name. Whatever interrupts it, there is no half-written file under a final name.
 *
 * @param inspect looks at the complete temporary file; what it throws keeps the content out of the store
 * @returns where it is, with what `inspect` found out
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE
 */
export async function putFile<Facts extends object>(
  directory: string,
  file: string,
  content: AsyncIterable<Uint8Array>,
  inspect: (path: string) => Promise<Facts>,
): Promise<StoredFile & Facts> {
  const temporary = join(temporaryDirectory(directory), `${ownToken()}.${randomBytes(6).toString('hex')}`);
  try {
    makeDirectories(temporaryDirectory(directory));
    const stored = { file, ...(await writeContent(temporary, content)) };
    const facts = await inspect(temporary);
    const path = storedPath(directory, stored);
    makeDirectories(dirname(path));
    // An intact copy stays: programs that run from it should not turn into "(deleted)".
    if ((await digestOf(path)) === stored.sha256) await rm(temporary, { force: true });
    else await rename(temporary, path);
    return { ...facts, ...stored };
  } catch (error) {
    // The reason why it failed matters more than why this does.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileFailure(error, storedPath(directory, { sha256: '…', file }));
  }
}

/** SHA-256 of a file, undefined where there is none. */
export async function digestOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>)
      hash.update(chunk);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw fileFailure(error, path);
  }
  return hash.digest('hex');
}

/** Deletes what killed processes left in the store of `directory`. */
export async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await namesIn(temporaryDirectory(directory))) {
    const path = join(temporaryDirectory(directory), name);
    const status = await stat(path).catch(() => undefined);
    if (status !== undefined && isAbandoned(name.split('.')[0] ?? '', status.mtimeMs))
      await rm(path, { force: true });
  }
}

function temporaryDirectory(directory: string): string {
  return join(directory, 'store', 'temporary');
}

async function namesIn(path: string): Promise<string[]> {
  return await readdir(path).catch(() => []);
}

async function writeContent(
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      size += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  // Apart from the open, because the umask takes bits away there.
  await chmod(path, 0o755);
  return { sha256: hash.digest('hex'), size };
}
