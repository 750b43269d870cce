import { damaged } from './damaged.ts';
import type { TarEntry, TarKind } from './entry.ts';
import { blockSize, isZeroBlock, readHeader } from './header.ts';
import type { TarHeader } from './header.ts';
import { readPax } from './pax.ts';
import type { PaxFacts } from './pax.ts';

/** Who takes what a tar holds. `data` comes in pieces that are only lent, and `close` after the last one. */
export interface TarTaker {
  open(entry: TarEntry): void;
  data(piece: Buffer): void;
  close(): void;
}

export interface TarReader {
  push(piece: Buffer): void;
  /** @throws AnyarchError ANYARCH_IMAGE_INVALID where a member was not complete */
  end(): void;
}

/** Of one PAX header or long name. Go's reader, which the engines use, stops at 1 MiB too. */
const mostMeta = 1 << 20;

/**
 * Reads a tar as it comes: ustar, PAX, GNU. Synchronous, so that a million members cost no million turns of the event
 * loop. What comes after the end of the archive is passed over, as by the engines. It is not tar-stream because that
 * decodes PAX values as UTF-8, which destroys `security.capability` and names of other encodings.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID from `push` and `end`
 */
export function createTarReader(taker: TarTaker): TarReader {
  const header = Buffer.alloc(blockSize);
  let filled = 0;
  let zeroBlocks = 0;
  let isOver = false;
  /** Bytes of the member, and of its padding, that are still to come. */
  let rest = 0;
  let padding = 0;
  let isOpen = false;
  let meta: { readonly type: string; readonly bytes: Buffer; length: number } | undefined;
  let pax: PaxFacts | undefined;
  let longPath: string | undefined;
  let longLink: string | undefined;

  const takeHeader = (block: Buffer): void => {
    if (isZeroBlock(block)) {
      zeroBlocks += 1;
      if (zeroBlocks === 2) isOver = true;
      return;
    }
    if (zeroBlocks > 0) throw damaged('goes on after a block of zeros');
    const found = readHeader(block);
    if (['x', 'g', 'L', 'K'].includes(found.type)) {
      if (found.size > mostMeta) throw damaged('has a header of more than 1 MiB');
      meta = { type: found.type, bytes: Buffer.alloc(found.size), length: 0 };
      begin(found.size);
      return;
    }
    const entry = entryOf(found, { pax, longPath, longLink });
    pax = longPath = longLink = undefined;
    taker.open(entry);
    isOpen = true;
    begin(entry.size);
  };
  const begin = (size: number): void => {
    rest = size;
    padding = (blockSize - (size % blockSize)) % blockSize;
    if (size === 0) finish();
  };
  const finish = (): void => {
    if (meta === undefined) {
      isOpen = false;
      taker.close();
      return;
    }
    const { type, bytes } = meta;
    meta = undefined;
    if (type === 'x') pax = readPax(bytes);
    else if (type === 'L') longPath = gnuName(bytes);
    else if (type === 'K') longLink = gnuName(bytes);
    // Global headers (g) say nothing that counts, as for the engines: git's hold the commit.
  };

  return {
    push: (piece) => {
      for (let at = 0; at < piece.length && !isOver;) {
        if (rest > 0) {
          const part = piece.subarray(at, at + rest);
          if (meta === undefined) taker.data(part);
          else meta.length += part.copy(meta.bytes, meta.length);
          at += part.length;
          rest -= part.length;
          if (rest === 0) finish();
        } else if (padding > 0) {
          const skipped = Math.min(padding, piece.length - at);
          padding -= skipped;
          at += skipped;
        } else if (filled === 0 && piece.length - at >= blockSize) {
          takeHeader(piece.subarray(at, at + blockSize));
          at += blockSize;
        } else {
          const copied = piece.copy(header, filled, at, at + blockSize - filled);
          filled += copied;
          at += copied;
          if (filled === blockSize) {
            filled = 0;
            takeHeader(header);
          }
        }
      }
    },
    end: () => {
      if (isOver) return;
      if (isOpen || meta !== undefined || filled > 0) throw damaged('ends in the middle of a member');
      if (pax !== undefined || longPath !== undefined || longLink !== undefined)
        throw damaged('ends after a header that belongs to a member');
    },
  };
}

interface Extensions {
  readonly pax: PaxFacts | undefined;
  readonly longPath: string | undefined;
  readonly longLink: string | undefined;
}

function entryOf(header: TarHeader, { pax, longPath, longLink }: Extensions): TarEntry {
  const path = pax?.path ?? longPath ?? header.path;
  const kind = kindOf(header.type, path);
  return {
    kind,
    path,
    link: pax?.link ?? longLink ?? header.link,
    mode: header.mode,
    uid: pax?.uid ?? header.uid,
    gid: pax?.gid ?? header.gid,
    // Whatever the header says: nothing but a file has content.
    size: kind === 'file' ? (pax?.size ?? header.size) : 0,
    mtime: pax?.mtime ?? header.mtime,
    major: header.major,
    minor: header.minor,
    xattrs: pax?.xattrs ?? none,
    ...(pax?.others === undefined ? {} : { records: pax.others }),
  };
}

const none: ReadonlyMap<string, Uint8Array> = new Map();

const kinds: Readonly<Record<string, TarKind>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

function kindOf(type: string, path: string): TarKind {
  if (type === 'S') throw damaged('has a sparse file of GNU tar, which is not supported');
  const kind = kinds[type];
  if (kind === undefined) throw damaged(`has a member of the unknown type ${JSON.stringify(type)}`);
  // So before ustar.
  return kind === 'file' && path.endsWith('/') ? 'directory' : kind;
}

function gnuName(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
}
