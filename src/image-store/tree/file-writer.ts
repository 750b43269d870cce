import { createHash, hash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import * as fs from 'node:fs';
import type { TarEntry } from '../tar/entry.ts';
import { forNode } from './bytes-path.ts';
import type { TreePath } from './bytes-path.ts';
import type { Digests } from './digests.ts';
import { diskFull } from './file-error.ts';
import type { Metadata } from './metadata.ts';

/** Writes one file after the other. */
export interface FileWriter {
  /** @param makeWay removes what is there */
  open(path: TreePath, entry: TarEntry, makeWay: () => void): void;
  data(piece: Buffer): void;
  /** The path of the file that was open, if one was. */
  close(): TreePath | undefined;
}

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;

/** Smaller ones are not worth a question. */
const largeFile = 64 << 20;

export function fileWriter(digests: Digests, metadata: Metadata): FileWriter {
  let current: { readonly path: TreePath; readonly entry: TarEntry; readonly descriptor: number } | undefined;
  let written = 0;
  /** Of a file that comes in more than one piece. */
  let running: Hash | undefined;

  return {
    open: (path, entry, makeWay) => {
      if (entry.size >= largeFile) checkSpace(entry.size);
      current = { path, entry, descriptor: create(path, makeWay) };
      written = 0;
      running = undefined;
    },
    data: (piece) => {
      if (current === undefined) return;
      const { entry, descriptor } = current;
      if (piece.length === entry.size) setDigest(digests, descriptor, hash('sha256', piece, 'buffer'));
      else {
        running ??= createHash('sha256');
        running.update(piece);
      }
      for (let done = 0; done < piece.length;) done += fs.writeSync(descriptor, piece, done);
      written += piece.length;
      if (running !== undefined && written === entry.size) setDigest(digests, descriptor, running.digest());
    },
    close: () => {
      if (current === undefined) return undefined;
      const { path, entry, descriptor } = current;
      current = undefined;
      try {
        metadata.file(descriptor, entry);
      } finally {
        fs.closeSync(descriptor);
      }
      return path;
    },
  };
}

/** Most often nothing is there: asking first would cost every file a system call. */
function create(path: TreePath, makeWay: () => void): number {
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
  try {
    return fs.openSync(forNode(path), flags, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    makeWay();
    return fs.openSync(forNode(path), flags, 0o600);
  }
}

function setDigest(digests: Digests, descriptor: number, digest: Uint8Array): void {
  digests.set(fs.fstatSync(descriptor).ino, digest);
}

function checkSpace(size: number): void {
  const { bavail, bsize } = fs.statfsSync('.');
  if (size > bavail * bsize)
    throw diskFull(`no space left: the image has a file of ${size} bytes, and ${bavail * bsize} are free`);
}
