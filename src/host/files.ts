export type FileKind = 'file' | 'directory' | 'link' | 'other';

export interface FileStatus {
  readonly kind: FileKind;
  /** Bytes. */
  readonly size: number;
  /** Bytes that it takes: fewer where it has holes, up to a block more elsewhere; undefined where a host does not tell. */
  readonly allocatedBytes?: number;
  /** Permission bits, `0o7777` masked. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly inode: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
  /** Milliseconds since the epoch: the last change of content, attributes or name; undefined where a host does not tell. */
  readonly changedMs?: number;
}

/** Synchronous, because the same features run in the image's entrypoint on QuickJS. All methods throw `SystemError`. */
export interface Files {
  /** The whole file. */
  read(path: string): Uint8Array;
  /** At most `length` bytes from `offset`; shorter at the end of the file. */
  readAt(path: string, offset: number, length: number): Uint8Array;
  /** ONE write(2) to an existing file: what the kernel's control files need. Never creates or truncates. */
  writeOnce(path: string, data: Uint8Array): void;
  /** Write to a temporary neighbour, fsync, rename: the old content stays until the new one is complete. */
  writeAtomic(path: string, data: Uint8Array, mode?: number): void;
  /** Creates the file, with its whole content at once; EEXIST when there is one. For locks. */
  createExclusive(path: string, data: Uint8Array): void;
  /**
   * As `createExclusive`, for this user only, and locked from its first moment on: until the result is called or this
   * process ends, however that comes about. Seen also from other pid namespaces.
   *
   * @returns undefined where this host or the file system has no such locks; then nothing was created
   */
  readonly createHeld?: (path: string, data: Uint8Array) => (() => void) | undefined;
  /** Whether some process still holds what `createHeld` made, for this user only; undefined where that cannot be told. */
  readonly isHeld?: (path: string) => boolean | undefined;
  /**
   * Creates a file that the same process removes again; EEXIST when there is one. Nothing waits for a disk, and a reader
   * may meet a part of it.
   */
  createFleeting(path: string, data: Uint8Array, mode?: number): void;
  /** Names in the file system's own order (binfmt_misc: newest entry first). */
  list(path: string): string[];
  /** Follows links. Undefined where nothing is (ENOENT, ENOTDIR). */
  status(path: string): FileStatus | undefined;
  /** Does not follow a last link. */
  linkStatus(path: string): FileStatus | undefined;
  readLink(path: string): string;
  /** Absolute path without links. */
  resolve(path: string): string;
  /** access(2) with X_OK for a regular file: false on a noexec mount, for directories and where nothing is. */
  isExecutable(path: string): boolean;
  /** With all parents. */
  makeDirectory(path: string, mode?: number): void;
  rename(from: string, to: string): void;
  /** Removes a file, a link or a whole directory; nothing there is fine. */
  remove(path: string): void;
  /** Only an empty one: ENOTEMPTY when there is anything in it. */
  removeDirectory(path: string): void;
  /** A symbolic link, made beside the place and renamed to it: what was there stays until then. Not every host can do it (ENOSYS). */
  writeLink(path: string, target: string): void;
  /** SHA-256 of the content, lower-case hexadecimal. */
  sha256(path: string): string;
  /** `f_type` of statfs(2), found without triggering an autofs (statfs and stat by path do). */
  fileSystemType(path: string): number;
}
