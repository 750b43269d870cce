import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { createGunzip, gzipSync } from 'node:zlib';
import { AnyarchError } from '../../core/error.ts';
import { formatLine, parseLine } from './line.ts';
import type { ListedFile } from './line.ts';

/** Characters that are compressed at a time; each piece is a gzip member of its own. */
const pieceSize = 1 << 20;

export interface WrittenListing {
  /** SHA-256 of the lines, hexadecimal. */
  readonly sha256: string;
  readonly entries: number;
  /** Bytes of all files; one with several names counts for each. */
  readonly size: number;
}

export function writeListing(path: string, files: Iterable<ListedFile>): WrittenListing {
  const digest = createHash('sha256');
  const descriptor = fs.openSync(path, 'wx', 0o600);
  let text = '';
  let entries = 0;
  let size = 0;
  const flush = (): void => {
    digest.update(text);
    const packed = gzipSync(text, { level: 3 });
    for (let done = 0; done < packed.length;) done += fs.writeSync(descriptor, packed, done);
    text = '';
  };
  try {
    for (const file of files) {
      text += formatLine(file);
      entries += 1;
      size += file.size;
      if (text.length >= pieceSize) flush();
    }
    flush();
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  return { sha256: digest.digest('hex'), entries, size };
}

/**
 * The lines of a listing in their order.
 *
 * @param sha256 what they must have
 * @throws AnyarchError ANYARCH_STATE_INVALID, in the end only when just the digest is wrong
 */
export async function* readListing(path: string, sha256: string): AsyncGenerator<ListedFile> {
  const damaged = (cause?: unknown): AnyarchError =>
    new AnyarchError('ANYARCH_STATE_INVALID', `${path} is damaged: the tree beside it cannot be verified`, {
      hint: 'remove the image and have it unpacked again: anyarch image remove REF',
      ...(cause === undefined ? {} : { cause }),
    });
  const digest = createHash('sha256');
  const source = fs.createReadStream(path);
  const lines = createGunzip();
  source.on('error', (error) => lines.destroy(error));
  let rest = '';
  const parsed = (line: string): ListedFile => {
    const file = parseLine(line);
    if (file === undefined) throw damaged();
    return file;
  };
  try {
    const decoder = new TextDecoder();
    for await (const piece of source.pipe(lines) as AsyncIterable<Buffer>) {
      digest.update(piece);
      const text = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = text.pop() ?? '';
      for (const line of text) yield parsed(line);
    }
  } catch (error) {
    throw error instanceof AnyarchError ? error : damaged(error);
  }
  if (rest !== '' || digest.digest('hex') !== sha256) throw damaged();
}
