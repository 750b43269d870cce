import * as fs from 'node:fs';
import { Socket } from 'node:net';
import { AnyarchError } from '../../core/error.ts';
import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';

/** The reading end of the log, which programs of containers write to. */
export interface LogPipe {
  /** Takes what is left, and ends. Nothing is delivered later. */
  close(): void;
}

/**
 * A pipe that keeps so much has no page left that a line may fit in: 16 pages (pipe(7)), each of which lacks less than a line.
 * It can be so full without having lost anything, but not the other way round.
 */
export const fullPipe = 16 * (4096 - 512);

/**
 * Opens the log and makes it when there is none. Programs that write to it never wait: they open it without blocking, and
 * find it only while somebody reads.
 *
 * @param path in a directory that nobody else writes to
 * @param take gets what was written, in pieces; their memory is used again
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_PERMISSION, ANYARCH_DISK_FULL
 */
export function openLogPipe(
  host: Pick<Host, 'processes' | 'files'>,
  path: string,
  take: (chunk: Uint8Array) => void,
): LogPipe {
  makePipe(host, path);
  // For writing, too: otherwise the last writer that closes it would end it for the reader.
  const keeper = openPipe(path, fs.constants.O_RDWR);
  let reader: Socket;
  try {
    reader = new Socket({ fd: openPipe(path, fs.constants.O_RDONLY), readable: true, writable: false });
  } catch (error) {
    fs.closeSync(keeper);
    throw error;
  }
  reader.on('data', take);
  // Reading cannot fail while the pipe is kept open; if it does nevertheless, what is there is taken at the end.
  reader.on('error', () => undefined);
  // A command that has done its work does not wait for further lines.
  reader.unref();
  return {
    close: () => {
      reader.off('data', take);
      reader.destroy();
      try {
        drain(keeper, take);
      } finally {
        fs.closeSync(keeper);
      }
    },
  };
}

function makePipe({ processes, files }: Pick<Host, 'processes' | 'files'>, path: string): void {
  if (files.linkStatus(path) !== undefined) return;
  // Others may write and not read: who runs containers is not who they are inside.
  const { exitCode, stderr, startError } = processes.run(['mkfifo', '--mode=0622', path], {
    environment: { LC_ALL: 'C' },
  });
  if (exitCode === 0 || files.linkStatus(path) !== undefined) return;
  throw new AnyarchError(
    'ANYARCH_FILE',
    `the log ${path} could not be made: ${startError ?? stderr.trim()}`,
    { hint: 'look at its directory' },
  );
}

function openPipe(path: string, access: number): number {
  const { O_NONBLOCK, O_NOFOLLOW } = fs.constants;
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, access | O_NONBLOCK | O_NOFOLLOW);
  } catch (error) {
    throw fileFailure(asSystemError(error, path), path);
  }
  if (fs.fstatSync(descriptor).isFIFO()) return descriptor;
  fs.closeSync(descriptor);
  throw new AnyarchError('ANYARCH_FILE', `${path} is no pipe`, { hint: 'remove it: it is made anew' });
}

function drain(descriptor: number, take: (chunk: Uint8Array) => void): void {
  const buffer = new Uint8Array(64 * 1024);
  // A container that writes without end must not keep us: a pipe holds no more than this.
  for (let left = 1024 * 1024; left > 0;) {
    const length = readWhatIsThere(descriptor, buffer);
    if (length === 0) return;
    take(buffer.subarray(0, length));
    left -= length;
  }
}

function readWhatIsThere(descriptor: number, buffer: Uint8Array): number {
  try {
    return fs.readSync(descriptor, buffer, 0, buffer.length, null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}

function asSystemError(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === undefined ? error : new SystemError(code, syscall ?? 'open', path, { cause: error });
}
