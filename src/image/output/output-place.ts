import { link, lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AnyarchError } from '../../core/error.ts';
import { fileFailure } from '../../host/file-failure.ts';
import { makeDirectories } from '../../host/node/make-directories.ts';
import { isAbandoned, ownToken } from '../../store/index.ts';

/**
 * Runs `write` with a temporary path beside the output and gives the result its name when it is complete. Whatever
 * interrupts it, there is nothing half-written under that name.
 *
 * @param kind a directory may take the place of an empty one
 * @throws AnyarchError ANYARCH_OUTPUT_EXISTS, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE
 */
export async function writeOutput(
  output: string,
  kind: 'directory' | 'file',
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const path = resolve(output);
  await requireFree(path, kind);
  const prefix = `.${basename(path)}.anyarch-`;
  const temporary = join(dirname(path), `${prefix}${ownToken()}`);
  try {
    makeDirectories(dirname(path));
    await removeAbandoned(dirname(path), prefix);
    await write(temporary);
    await moveTo(temporary, path, kind);
  } catch (error) {
    throw outputFailure(error, path);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @throws AnyarchError ANYARCH_OUTPUT_EXISTS */
export async function requireFree(output: string, kind: 'directory' | 'file'): Promise<void> {
  const path = resolve(output);
  const status = await lstat(path).catch(() => undefined);
  if (status === undefined) return;
  if (kind === 'directory' && status.isDirectory() && (await readdir(path)).length === 0) return;
  throw exists(path);
}

async function moveTo(temporary: string, path: string, kind: 'directory' | 'file'): Promise<void> {
  try {
    // rename(2) replaces a file, but no directory that has something in it.
    if (kind === 'directory') await rename(temporary, path);
    else await link(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTEMPTY' || code === 'ENOTDIR') throw exists(path, error);
    if (kind === 'directory' || (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP'))
      throw error;
    // A file system without hard links.
    await requireFree(path, kind);
    await rename(temporary, path);
  }
}

/** The general hint speaks of anyarch's own directories. */
function outputFailure(error: unknown, path: string): unknown {
  const failure = fileFailure(error, path);
  if (failure === error || !(failure instanceof AnyarchError)) return failure;
  const { code, message } = failure;
  return new AnyarchError(code, message, {
    hint: 'look at that directory and its free space, or name another with --output',
    details: { path },
    cause: error,
  });
}

/** What a killed build left here. */
async function removeAbandoned(directory: string, prefix: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(directory, name);
    const status = await stat(path).catch(() => undefined);
    if (status !== undefined && isAbandoned(name.slice(prefix.length), status.mtimeMs))
      await rm(path, { recursive: true, force: true });
  }
}

function exists(path: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_OUTPUT_EXISTS', `${path} exists`, {
    hint: 'remove it, or name another output with --output',
    details: { path },
    cause,
  });
}
