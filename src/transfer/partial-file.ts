import { createHash, randomBytes, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../host/node/system-call.ts';
import { makeDirectories } from '../host/node/make-directories.ts';
import { isAbandoned, ownToken } from '../store/index.ts';

/** The beginning of a download. Nobody else writes to it. */
export interface PartialFile {
  /** Bytes that are there. */
  size(): number;
  append(chunk: Uint8Array): Promise<void>;
  /** Throws away what is there. */
  restart(): Promise<void>;
  /** SHA-256 of all bytes; call once. */
  digest(): string;
  /** Moves it to its final place, on the disk before it gets that name. */
  finish(path: string): Promise<void>;
  /** Leaves it for whoever wants the same content next. */
  leave(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Takes over the longest beginning of this content that an earlier download left, or starts a new one. Parts are
 * named after the content's digest, so a part can only be continued with what it is a part of.
 */
export async function openPartialFile(directory: string, sha256: string): Promise<PartialFile> {
  makeDirectories(directory);
  const free = join(directory, `${sha256}.part`);
  const path = `${free}.${ownToken()}.${randomBytes(4).toString('hex')}`;
  await takeOver(directory, sha256, path);
  const handle = await open(path, 'a', 0o644);
  let hash = createHash('sha256');
  let size = await hashInto(hash, path);
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  return {
    size: () => size,
    append: async (chunk) => {
      await writeAll(handle, chunk);
      hash.update(chunk);
      size += chunk.length;
    },
    restart: async () => {
      await handle.truncate(0);
      hash = createHash('sha256');
      size = 0;
    },
    digest: () => hash.digest('hex'),
    finish: async (final) => {
      await handle.sync();
      await close();
      await rename(path, final);
    },
    leave: async () => {
      await close();
      await rename(path, free);
    },
    remove: async () => {
      await close();
      await rm(path, { force: true });
    },
  };
}

/** Removes what interrupted downloads have left in a directory, but not what others are working on. */
export async function removeParts(directory: string): Promise<void> {
  for (const { path } of await freeParts(directory)) await rm(path, { force: true });
}

/** A rename gives one file to one process only, however many try. */
async function takeOver(directory: string, sha256: string, path: string): Promise<void> {
  const parts = await freeParts(directory, sha256);
  const files = parts.filter(({ isFile }) => isFile);
  const [longest, ...others] = files.sort((a, b) => b.size - a.size);
  if (longest !== undefined) await rename(longest.path, path).catch(() => undefined);
  for (const other of others) await rm(other.path, { force: true });
}

interface FreePart {
  readonly path: string;
  readonly size: number;
  readonly isFile: boolean;
}

/** Parts that nobody works on, of one content or of all. */
async function freeParts(directory: string, sha256?: string): Promise<FreePart[]> {
  const parts: FreePart[] = [];
  const names = await readdir(directory).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const [, content, owner] = /^([0-9a-f]{64})\.part(?:\.(.*))?$/.exec(name) ?? [];
    if (content === undefined || (sha256 !== undefined && content !== sha256)) continue;
    const path = join(directory, name);
    const status = await lstat(path).catch(() => undefined);
    if (status === undefined || status.isDirectory()) continue;
    const isFree = owner === undefined || isAbandoned(owner.split('.')[0] ?? '', status.mtimeMs);
    if (isFree) parts.push({ path, size: status.size, isFile: status.isFile() });
  }
  return parts;
}

async function hashInto(hash: Hash, path: string): Promise<number> {
  let size = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return size;
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, offset);
    offset += bytesWritten;
  }
}
