/** A file in the content-addressed store. */
export interface StoredFile {
  /** SHA-256 of the content, lower-case hexadecimal. */
  readonly sha256: string;
  /** The file's name below the digest. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
}

/** Where the store of a state directory keeps a file. */
export function storedPath(directory: string, { sha256, file }: Pick<StoredFile, 'sha256' | 'file'>): string {
  return `${directory}/store/sha256/${sha256}/${file}`;
}
