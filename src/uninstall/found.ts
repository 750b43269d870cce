/** Something of ours in a file system. */
export interface FoundFile {
  readonly path: string;
  /** `tree`: with all that is in it; `directory`: goes if nothing is left in it. */
  readonly kind: 'file' | 'tree' | 'directory';
  /** Of fetched emulators and guests. */
  readonly isStore: boolean;
  /** Of machines with people's disks. */
  readonly isMachine?: boolean;
  /** Of the content; 0 for a directory. */
  readonly bytes: number;
  /** The directory of ours that it is in; undefined in one that everybody uses. */
  readonly place?: string;
}

/** Something that stays, and why, as one clause. */
export interface LeftFile {
  readonly path: string;
  readonly reason: string;
  /** As in `FoundFile`. */
  readonly place?: string;
}

/** A process that uses something of ours. */
export interface User {
  readonly pid: number;
  /** A path. */
  readonly uses: string;
}

export interface FoundFiles {
  /** In the order in which they go. */
  readonly found: readonly FoundFile[];
  readonly left: readonly LeftFile[];
  readonly users: readonly User[];
}

export const foundNothing: FoundFiles = { found: [], left: [], users: [] };

export function leaving(path: string, reason: string, place?: string): FoundFiles {
  return { ...foundNothing, left: [{ path, reason, ...(place === undefined ? {} : { place }) }] };
}

export function together(parts: readonly FoundFiles[]): FoundFiles {
  return {
    found: parts.flatMap(({ found }) => found),
    left: parts.flatMap(({ left }) => left),
    users: parts.flatMap(({ users }) => users),
  };
}
