import { dirname } from 'node:path';
import { encodeUtf8 } from '../core/text.ts';
import type { Files } from '../host/files.ts';
import { fileFailure } from './file-failure.ts';
import { withLock } from './lock.ts';

/**
 * Changes a JSON document that several processes may want to change at once. Readers need no lock: they see the old
 * one or the new one.
 *
 * @param change gets what is there now and returns what shall be there
 * @throws AnyarchError ANYARCH_LOCKED, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE
 */
export async function updateDocument<T>(
  files: Files,
  path: string,
  read: () => T,
  change: (document: T) => T,
): Promise<void> {
  try {
    files.makeDirectory(dirname(path), 0o755);
    await withLock(files, `${path}.lock`, () => {
      files.writeAtomic(path, encodeUtf8(`${JSON.stringify(change(read()), undefined, 1)}\n`), 0o644);
    });
  } catch (error) {
    throw fileFailure(error, path);
  }
}
