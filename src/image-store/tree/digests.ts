const size = 32;

/** SHA-256 of the content of files, by inode: 100 bytes for each, so that a million files fit in memory. */
export interface Digests {
  set(inode: number, digest: Uint8Array): void;
  /** Lower-case hexadecimal. */
  get(inode: number): string | undefined;
}

export function createDigests(): Digests {
  const places = new Map<number, number>();
  let bytes = Buffer.alloc(1024 * size);
  return {
    set: (inode, digest) => {
      const place = places.get(inode) ?? places.size;
      places.set(inode, place);
      if ((place + 1) * size > bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)]);
      bytes.set(digest, place * size);
    },
    get: (inode) => {
      const place = places.get(inode);
      return place === undefined ? undefined : bytes.toString('hex', place * size, (place + 1) * size);
    },
  };
}
