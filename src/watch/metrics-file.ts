import { encodeUtf8 } from '../core/text.ts';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';

/**
 * Replaces the file at once: a collector reads a whole one. Nothing waits for a disk, since it is written again soon. The
 * neighbour's name does not end in `.prom`, or the collector would read it, too.
 *
 * @throws AnyarchError ANYARCH_PERMISSION, ANYARCH_DISK_FULL, ANYARCH_FILE
 */
export function writeMetrics(
  { files, system }: Pick<Host, 'files' | 'system'>,
  path: string,
  text: string,
): void {
  const neighbour = `${path}.${system.pid}.new`;
  try {
    files.remove(neighbour);
    files.createFleeting(neighbour, encodeUtf8(text), 0o644);
    files.rename(neighbour, path);
  } catch (error) {
    throw fileFailure(error, path, 'set --metrics-file');
  }
}

/** What nobody writes any more would be collected for ever. */
export function removeMetrics({ files }: Pick<Host, 'files'>, path: string): void {
  try {
    files.remove(path);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}
