import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { errnoOf } from '../host/node/system-call.ts';
import { throwIfCancelled } from '../host/cancellation.ts';

/** Why a file of a layout cannot be read. */
export class UnfitFile extends Error {
  /** Symbolic; undefined for what can be opened but is no file of the expected kind. */
  readonly errno: string | undefined;

  constructor(what: string, errno?: string, cause?: unknown) {
    super(what, { cause });
    this.errno = errno;
  }
}

/** Opening a FIFO that nobody writes to must not wait, and a terminal must not become ours. */
const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
const reading = O_RDONLY | O_NONBLOCK | O_NOCTTY;
const pieceBytes = 1 << 18;

/**
 * A document, links followed: layouts come from others, who may put a device or a FIFO there, so that its size says
 * nothing.
 *
 * @throws UnfitFile
 */
export function readDocument(path: string, maximumBytes: number): Buffer {
  return readSmall(path, reading, maximumBytes);
}

/** The same for a blob, which may be no link: a layout is a directory that can be copied as it is. @throws UnfitFile */
export function readSmallBlob(path: string, maximumBytes: number): Buffer {
  return readSmall(path, reading | O_NOFOLLOW, maximumBytes);
}

/** Opens a blob, which may be no link: what is sent must not be another file of this machine. @throws UnfitFile */
export async function openBlob(path: string): Promise<FileHandle> {
  return await openRegular(path, reading | O_NOFOLLOW);
}

/** Opens an archive, links followed: its name is the user's, what stands there may be anything. @throws UnfitFile */
export async function openArchiveFile(path: string): Promise<FileHandle> {
  return await openRegular(path, reading);
}

/** The bytes from `start` up to `end` (exclusive), or to the end of the file, in pieces. */
export async function* readPieces(handle: FileHandle, start: number, end = Infinity): AsyncGenerator<Buffer> {
  for (let position = start; position < end;) {
    const length = Math.min(pieceBytes, end - position);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** SHA-256 of the file, or of a part of it, lower-case hexadecimal. @throws AnyarchError ANYARCH_CANCELLED */
export async function hashOf(
  handle: FileHandle,
  signal: AbortSignal | undefined,
  start = 0,
  end = Infinity,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of readPieces(handle, start, end)) {
    throwIfCancelled(signal);
    hash.update(piece);
  }
  return hash.digest('hex');
}

async function openRegular(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(path, flags).catch((error: unknown) => {
    throw unfit(error);
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new UnfitFile(noRegularFile);
}

function readSmall(path: string, flags: number, maximumBytes: number): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, flags);
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new UnfitFile(noRegularFile);
    // One byte more, because files grow.
    const content = Buffer.alloc(Math.min(status.size, maximumBytes) + 1);
    let filled = 0;
    for (let count = -1; count !== 0 && filled < content.length; filled += count)
      count = readSync(descriptor, content, filled, content.length - filled, null);
    if (filled > maximumBytes) throw new UnfitFile(`it has more than ${maximumBytes} bytes`);
    return content.subarray(0, filled);
  } catch (error) {
    throw unfit(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const noRegularFile = 'it is no regular file';

function unfit(error: unknown): unknown {
  const errno = errnoOf(error);
  switch (errno) {
    case undefined:
      return error;
    case 'ENOENT':
    case 'ENOTDIR':
      return new UnfitFile('it does not exist', errno, error);
    // A link where none may be; a socket or a device without a driver.
    case 'ELOOP':
      return new UnfitFile('it is a symbolic link; cp -rL copies what links lead to', errno, error);
    case 'ENXIO':
    case 'ENODEV':
      return new UnfitFile(noRegularFile, errno, error);
    default:
      return new UnfitFile(`it cannot be read (${errno})`, errno, error);
  }
}
