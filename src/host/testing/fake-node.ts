/** What a path of the fake file system leads to. */
export type FakeNode = FakeFile | FakeDirectory | FakeLink;

export interface Attributes {
  mode: number;
  uid: number;
  gid: number;
  modifiedMs: number;
  readonly inode: number;
}

export interface FakeFile extends Attributes {
  readonly kind: 'file';
  data: Uint8Array;
  /** How many hold the file open for execution: writing to it in place then fails with ETXTBSY. */
  executing: number;
  /** Takes writes instead of `data`, as the kernel's control files do. May throw `SystemError`. */
  readonly onWrite?: (data: Uint8Array) => void;
}

export interface FakeDirectory extends Attributes {
  readonly kind: 'directory';
  readonly children: Children;
  /** Set where a file system is mounted. */
  mount?: FakeMount;
}

export interface FakeLink extends Attributes {
  readonly kind: 'link';
  readonly target: string;
}

/** The part of `Map` that directories need; in file systems such as binfmt_misc it is computed. */
export interface Children {
  get(name: string): FakeNode | undefined;
  set(name: string, node: FakeNode): unknown;
  delete(name: string): unknown;
  keys(): Iterable<string>;
}

export interface FakeMount {
  /** `f_type` of statfs(2). */
  readonly type: number;
  readonly readOnly?: boolean;
  readonly noExecute?: boolean;
  /** Bytes that fit in; ENOSPC beyond. */
  readonly capacity?: number;
  /** The mounted root; the covered directory comes back when it is unmounted. */
  readonly root: FakeDirectory;
}

let inodes = 1;

export function newInode(): number {
  inodes += 1;
  return inodes;
}

/** Bytes of all regular files below. */
export function contentSize(node: FakeNode): number {
  if (node.kind === 'file') return node.data.length;
  if (node.kind === 'link') return 0;
  return [...node.children.keys()].reduce((sum, name) => {
    const child = node.children.get(name);
    return sum + (child === undefined ? 0 : contentSize(child));
  }, 0);
}
