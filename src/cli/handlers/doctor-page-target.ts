import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { absolutePath } from '../../core/absolute-path.ts';
import { AnyarchError } from '../../core/error.ts';
import { encodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { systemCall } from '../../host/node/system-call.ts';
import { writeWhole } from '../../host/node/write-whole.ts';
import { SystemError } from '../../host/system-error.ts';

/** Where a page is to be written, looked at before anything else is done. */
export interface PageTarget {
  /** As it was named. */
  readonly path: string;
  /** @throws AnyarchError */
  readonly write: (page: string) => void;
}

/**
 * A new file, or one that gives way to the page, keeping its mode and the links that lead to it; a FIFO or a character device is
 * written into.
 *
 * @throws AnyarchError where it is nothing of that kind, or cannot be written
 */
export function pageTarget(files: Pick<Files, 'writeAtomic'>, given: string, directory: string): PageTarget {
  if (given === '-' || given === '')
    throw usage(given, 'names no file', 'the findings themselves go to standard output');
  const path = absolutePath(given, directory);
  const write = explaining(given, () => writerOf(files, given, path));
  return {
    path,
    write: (page) => {
      explaining(given, () => {
        write(encodeUtf8(page));
      });
    },
  };
}

type Write = (bytes: Uint8Array) => void;

function writerOf(files: Pick<Files, 'writeAtomic'>, given: string, path: string): Write {
  const status = systemCall('stat', path, () => fs.statSync(path, { throwIfNoEntry: false }));
  if (status === undefined) {
    if (fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined)
      throw usage(given, 'is a link that leads nowhere');
    requireWritable(dirname(path));
    return (bytes) => {
      files.writeAtomic(path, bytes, 0o666 & ~umask());
    };
  }
  if (status.isCharacterDevice())
    return (bytes) => {
      writeInto(path, bytes);
    };
  if (!status.isFile() && !status.isFIFO()) throw usage(given, 'is not a file');
  if ([1, 2].some((descriptor) => isSame(status, descriptor)))
    throw usage(given, 'is where the findings are told');
  if (status.isFIFO())
    return (bytes) => {
      writeInto(path, bytes);
    };
  const place = systemCall('realpath', path, () => fs.realpathSync(path));
  requireWritable(place);
  return (bytes) => {
    replace(files, place, bytes, status);
  };
}

/** Asking the process for it sets it for a moment, for all threads. */
function umask(): number {
  const [, octal = '077'] = /^Umask:\s*([0-7]+)$/m.exec(fs.readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number.parseInt(octal, 8);
}

function isSame({ dev, ino }: fs.Stats, descriptor: number): boolean {
  try {
    const other = fs.fstatSync(descriptor);
    return other.dev === dev && other.ino === ino;
  } catch {
    return false; // closed
  }
}

function requireWritable(path: string): void {
  systemCall('access', path, () => {
    fs.accessSync(path, fs.constants.W_OK);
  });
}

/** What refuses a neighbour or a rename where the file itself can be written: a directory of others, a file that is a mount point. */
const inPlace: readonly string[] = ['EACCES', 'EPERM', 'EROFS', 'EBUSY'];

function replace(
  files: Pick<Files, 'writeAtomic'>,
  path: string,
  bytes: Uint8Array,
  { mode, uid, gid }: fs.Stats,
): void {
  try {
    files.writeAtomic(path, bytes, mode & 0o777);
  } catch (error) {
    if (!(error instanceof SystemError) || !inPlace.includes(error.errno)) throw error;
    systemCall('write', path, () => {
      fs.writeFileSync(path, bytes);
    });
    return;
  }
  // A page that root writes in the place of somebody's file stays theirs.
  if (process.geteuid?.() === 0)
    systemCall('chown', path, () => {
      fs.chownSync(path, uid, gid);
    });
}

/** Never waits for somebody to open the other end of a FIFO: ENXIO. */
function writeInto(path: string, bytes: Uint8Array): void {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = fs.constants;
  const descriptor = systemCall('open', path, () => fs.openSync(path, O_WRONLY | O_NONBLOCK | O_NOCTTY));
  try {
    writeWhole(descriptor, bytes, path);
  } finally {
    fs.closeSync(descriptor);
  }
}

const anotherFile = 'name a file in a directory of yours: --html report.html';

function usage(given: string, problem: string, hint = anotherFile): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', `--html: "${given}" ${problem}`, { hint });
}

const hints: Readonly<Record<string, string>> = {
  ENOENT: 'make the directory that it is to be in, or name another file',
  ENOTDIR: 'a part of that path is no directory: name another file',
  ENXIO: 'nobody reads from there: start the reader first, or name a file',
};

/** An errno in the words of this option. */
function explaining<T>(given: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const { errno, path } = error;
    const isFull = errno === 'ENOSPC' || errno === 'EDQUOT';
    const isRefused = errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS';
    throw new AnyarchError(
      isFull ? 'ANYARCH_DISK_FULL' : isRefused ? 'ANYARCH_PERMISSION' : 'ANYARCH_FILE',
      `--html: "${given}" cannot be written: ${error.message}`,
      {
        hint: hints[errno] ?? anotherFile,
        details: { errno, ...(path === undefined ? {} : { path }) },
        cause: error,
      },
    );
  }
}
