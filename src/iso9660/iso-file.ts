export interface IsoFile {
  /** `user-data`, `anyarch/user`: each part 1 to 64 characters, at most 110 bytes of UTF-8. */
  readonly path: string;
  /** Less than 4 GiB. */
  readonly content: Uint8Array;
  /** Permission bits; default 0o444. */
  readonly mode?: number;
}
