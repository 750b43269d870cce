import type { FileHandle } from 'node:fs/promises';
import { extract, type Header } from 'tar-stream';

/** A member of a tar archive, with the place of its content. */
export interface TarMember {
  readonly header: Header;
  /** Of its content, in bytes from the beginning of the archive. */
  readonly start: number;
  /** Bytes. */
  readonly size: number;
}

const blockSize = 512;
/** Names, links and attributes that do not fit into a header. Bytes. */
const maximumExtension = 1 << 20;
/** Members whose content says something about the next one: pax (x, g) and GNU's long names (L, K). */
const extensions = new Set(['x', 'g', 'L', 'K']);
/** Archives of images have three for each layer. */
const maximumMembers = 100_000;

/**
 * The members of an archive. Only headers are read, so that one of gigabytes is listed in milliseconds.
 *
 * @throws Error for what is no archive or a damaged one
 */
export async function* tarMembers(handle: FileHandle): AsyncGenerator<TarMember> {
  const { size: end } = await handle.stat();
  let count = 0;
  for (let position = 0; position < end;) {
    const head = await readHead(handle, position);
    if (head === undefined) return;
    count += 1;
    if (count > maximumMembers) throw new Error(`it has more than ${maximumMembers} members`);
    const header = await decode(head);
    const start = position + head.length;
    const size = header.type === 'directory' ? 0 : header.size;
    if (start + size > end) throw new Error('it ends within a member');
    yield { header, start, size };
    position = start + Math.ceil(size / blockSize) * blockSize;
    if (position > end) throw new Error('it ends within the padding of a member');
  }
}

/** A header with the extensions before it; undefined at the end of the archive. */
async function readHead(handle: FileHandle, position: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  for (let at = position; ;) {
    const header = await readExactly(handle, at, blockSize);
    parts.push(header);
    if (parts.length === 1 && header.every((byte) => byte === 0)) return undefined;
    const type = String.fromCharCode(header[156] ?? 0);
    if (!extensions.has(type)) return Buffer.concat(parts);
    const size = Number.parseInt(header.subarray(124, 136).toString('latin1'), 8);
    if (!(size <= maximumExtension) || parts.length > 16)
      throw new Error('its extended headers are too long');
    const content = await readExactly(handle, at + blockSize, Math.ceil(size / blockSize) * blockSize);
    parts.push(content);
    at += blockSize + content.length;
  }
}

async function readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error('it ends within a header');
  return buffer;
}

async function decode(head: Buffer): Promise<Header> {
  const extractor = extract();
  try {
    extractor.write(head);
    for await (const { header } of extractor) return header;
    throw new Error('it has no header');
  } finally {
    extractor.destroy();
  }
}
