/** A member of an initial RAM disk. Paths are relative to its root. */
export type CpioEntry =
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly content: Uint8Array;
      readonly isExecutable: boolean;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

const typeBits = { directory: 0o040755, file: 0o100644, link: 0o120777 } as const;

/**
 * An archive that the kernel unpacks as its first root (Documentation/driver-api/early-userspace/buffer-format.rst): members
 * in the given order, parents first, all of them root's.
 */
export function* cpioArchive(entries: Iterable<CpioEntry>): Generator<Uint8Array> {
  let inode = 1;
  for (const entry of entries) {
    const content = contentOf(entry);
    const mode = entry.kind === 'file' && entry.isExecutable ? 0o100755 : typeBits[entry.kind];
    yield header(inode++, mode, content.length, entry.path);
    yield content;
    yield padding(content.length);
  }
  yield header(0, 0, 0, 'TRAILER!!!');
}

function contentOf(entry: CpioEntry): Uint8Array {
  if (entry.kind === 'file') return entry.content;
  return Buffer.from(entry.kind === 'link' ? entry.target : '');
}

function header(inode: number, mode: number, size: number, path: string): Uint8Array {
  const name = Buffer.from(`${path}\0`);
  // Magic, inode, mode, owner, group, links, time, size, four device numbers, length of the name, checksum.
  const numbers = [inode, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name.length, 0];
  const fixed = Buffer.from(`070701${numbers.map((one) => one.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([fixed, name, padding(fixed.length + name.length)]);
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
