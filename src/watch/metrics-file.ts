import { AnyarchError } from '../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';

/** Every file of ours begins so. */
const beginning = '# HELP anyarch_';

type Parts = Pick<Host, 'files' | 'system'>;

export interface MetricsFile {
  /**
   * Replaces the file at once: a collector reads a whole one. Nothing waits for a disk, since it is written again soon. The
   * neighbour's name does not end in `.prom`, or the collector would read it, too.
   *
   * @throws AnyarchError ANYARCH_PERMISSION, ANYARCH_DISK_FULL, ANYARCH_FILE, ANYARCH_FILE_OF_OTHERS
   */
  readonly write: (text: string) => void;
  /** What nobody writes any more would be collected for ever. What somebody else wrote meanwhile stays. */
  readonly remove: () => void;
}

/** @throws AnyarchError ANYARCH_FILE_OF_OTHERS when something is there that is no metrics of ours */
export function openMetricsFile({ files, system }: Parts, path: string): MetricsFile {
  const neighbour = `${path}.${system.pid}.new`;
  let written: number | undefined;
  const failing = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      throw fileFailure(error, path, 'set --metrics-file');
    }
  };
  requireOwnMetrics({ files }, path);
  return {
    write: (text) => {
      failing(() => {
        requireOwnMetrics({ files }, path);
        files.remove(neighbour);
        files.createFleeting(neighbour, encodeUtf8(text), 0o644);
        written = files.linkStatus(neighbour)?.inode;
        files.rename(neighbour, path);
      });
    },
    remove: () => {
      try {
        if (written !== undefined && files.linkStatus(path)?.inode === written) files.remove(path);
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
      }
    },
  };
}

/**
 * An empty file counts as ours, too: a machine that lost its power leaves one, and nothing is lost with it.
 *
 * @throws AnyarchError ANYARCH_FILE_OF_OTHERS, and what reading it comes to
 */
export function requireOwnMetrics({ files }: Pick<Host, 'files'>, path: string): void {
  try {
    const found = files.linkStatus(path);
    if (found === undefined || (found.kind === 'file' && isOwn(files, path, found.size))) return;
  } catch (error) {
    throw fileFailure(error, path, 'set --metrics-file');
  }
  throw new AnyarchError('ANYARCH_FILE_OF_OTHERS', `${path} is no file of metrics that anyarch wrote`, {
    hint: '--metrics-file replaces the file, and removes it at the end: name one that is not there yet, such as DIR/anyarch.prom',
  });
}

function isOwn(files: Host['files'], path: string, size: number): boolean {
  return size === 0 || decodeUtf8(files.readAt(path, 0, beginning.length)) === beginning;
}
