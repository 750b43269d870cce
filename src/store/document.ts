import { dirname } from 'node:path';
import { encodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { withLock } from '../host/lock.ts';
import { fileFailure } from '../host/file-failure.ts';

/**
 * Changes a JSON document that several processes may want to change at once. Readers need no lock: they see the old
 * one or the new one. Blocks, for milliseconds at most.
 *
 * @param change gets what is there now and returns what shall be there
 * @throws AnyarchError ANYARCH_LOCKED, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE
 */
export function updateDocument<T>(
  host: Pick<Host, 'files' | 'clock'>,
  path: string,
  read: () => T,
  change: (document: T) => T,
): void {
  try {
    host.files.makeDirectory(dirname(path), 0o755);
    withLock(host, `${path}.lock`, () => {
      host.files.writeAtomic(path, encodeUtf8(`${JSON.stringify(change(read()), undefined, 1)}\n`), 0o644);
    });
  } catch (error) {
    throw fileFailure(error, path);
  }
}
