/** A file in the content-addressed store. */
export interface StoredFile {
  /** SHA-256 of the content, lower-case hexadecimal. */
  readonly sha256: string;
  /** The file's name below the digest. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
}

/** Below it the store of a state directory keeps its files. */
export function storedFilesDirectory(directory: string): string {
  return `${directory}/store/sha256`;
}

/** Where the store of a state directory keeps a file. */
export function storedPath(directory: string, { sha256, file }: Pick<StoredFile, 'sha256' | 'file'>): string {
  return `${storedFilesDirectory(directory)}/${sha256}/${file}`;
}
