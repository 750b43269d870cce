import type { Host } from '../host/host.ts';
import type { Files } from '../host/files.ts';
import { SystemError, ignoring } from '../host/system-error.ts';
import { restorer, writeFailure } from '../installed-files/index.ts';
import { isAbandoned, ownToken } from '../store/index.ts';
import type { FileAction } from './plan-files.ts';

type Parts = Pick<Host, 'files' | 'system'>;

const stagingPrefix = '.anyarch-export-';

/**
 * Writes all files or none: what needs space is done beside them, then they are renamed. A kill leaves complete files, old
 * or new, and a directory that the next export removes.
 *
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_READ_ONLY_SYSTEM, ANYARCH_FILE
 */
export function writeFiles(host: Parts, directory: string, actions: readonly FileAction[]): void {
  const { files } = host;
  const todo = actions.filter(({ kind }) => kind !== 'keep');
  if (todo.length === 0) return;
  const isNew = files.status(directory) === undefined;
  const staging = `${directory}/${stagingPrefix}${ownToken()}`;
  try {
    files.makeDirectory(directory, 0o755);
    sweep(files, directory);
    files.makeDirectory(staging, 0o700);
    todo.forEach(({ content }, index) => {
      files.writeAtomic(`${staging}/${index}`, content, 0o644);
    });
    renameAll(files, staging, todo);
    files.remove(staging);
  } catch (error) {
    tidyUp(files, staging, isNew ? directory : undefined);
    throw writeFailure(host, directory, error);
  }
}

function renameAll(files: Files, staging: string, todo: readonly FileAction[]): void {
  const undo: (() => void)[] = [];
  try {
    todo.forEach(({ path }, index) => {
      const restore = restorer(files, path);
      files.rename(`${staging}/${index}`, path);
      undo.unshift(restore);
    });
  } catch (error) {
    for (const restore of undo) restore();
    throw error;
  }
}

/** What killed exports left. */
function sweep(files: Files, directory: string): void {
  for (const name of files.list(directory)) {
    if (!name.startsWith(stagingPrefix)) continue;
    const path = `${directory}/${name}`;
    const modifiedMs = files.linkStatus(path)?.modifiedMs ?? 0;
    if (isAbandoned(name.slice(stagingPrefix.length), modifiedMs)) files.remove(path);
  }
}

/** The reason why it failed matters more than why this does. */
function tidyUp(files: Files, staging: string, made: string | undefined): void {
  try {
    files.remove(staging);
    if (made !== undefined)
      ignoring(['ENOENT', 'ENOTEMPTY'], () => {
        files.removeDirectory(made);
      });
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}
