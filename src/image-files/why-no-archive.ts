import { openArchiveFile } from './regular-file.ts';

/** A tar's header has the magic within. Bytes. */
const headerSize = 512;

/**
 * What a file is that does not read as a tar archive.
 *
 * @param hasBegun whether there was a member in it
 */
export async function whyNoArchive(path: string, hasBegun: boolean): Promise<string> {
  const head = await headOf(path);
  const packer = packerIn(head);
  if (packer !== undefined) return `it is packed with ${packer}; unpack it first: ${packer} -d`;
  const isTar = hasBegun || head.subarray(257, 262).toString('latin1') === 'ustar';
  if (isTar) return 'it is a tar archive that is cut off or damaged';
  return 'it is neither a directory nor a tar archive';
}

/** What a file is packed with, by its first bytes. @throws UnfitFile */
export async function packerOf(path: string): Promise<'gzip' | 'zstd' | 'xz' | 'bzip2' | undefined> {
  return packerIn(await headOf(path));
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await openArchiveFile(path);
  try {
    const head = Buffer.alloc(headerSize);
    await handle.read(head, 0, headerSize, 0);
    return head;
  } finally {
    await handle.close();
  }
}

function packerIn(head: Uint8Array): 'gzip' | 'zstd' | 'xz' | 'bzip2' | undefined {
  const begins = (...bytes: number[]) => bytes.every((byte, position) => head[position] === byte);
  if (begins(0x1f, 0x8b)) return 'gzip';
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return 'xz';
  return begins(0x42, 0x5a, 0x68) ? 'bzip2' : undefined;
}
