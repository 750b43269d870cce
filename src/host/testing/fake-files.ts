import type { Files } from '../files.ts';
import { SystemError } from '../system-error.ts';
import type { FakeState } from './fake-state.ts';
import { readingMethods } from './fake-files-reading.ts';
import { writingMethods } from './fake-files-writing.ts';
import type { Children, FakeDirectory, FakeFile, FakeMount, FakeNode } from './fake-node.ts';
import { newInode } from './fake-node.ts';
import { executable, walk } from './fake-tree.ts';
import type { Credentials, Place } from './fake-tree.ts';

/** ext4's `f_type`, the type of the fake's root. */
const ext4Magic = 0xef53;

export interface FakeFilesOptions {
  readonly uid?: number;
  readonly gid?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

interface NewAttributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** Makes the next matching calls fail. */
export interface Fault {
  readonly errno: string;
  readonly method?: keyof Files;
  /** The path that is passed, as a whole or as a pattern. */
  readonly path?: string | RegExp;
  /** How many calls fail; by default all from now on. */
  readonly times?: number;
}

/** A small POSIX file system in memory: modes, owners, links, mounts, and failures on demand. Paths are absolute. */
export interface FakeFiles extends Files {
  /** Whom permission checks are made for; root by default. Changeable. */
  readonly credentials: Credentials;
  /** Sets up a file, with all directories above; whatever the permissions are. */
  addFile(path: string, content: Uint8Array | string, attributes?: NewAttributes): FakeFile;
  /** An existing directory keeps its content and gets the attributes. */
  addDirectory(path: string, attributes?: NewAttributes): void;
  addLink(path: string, target: string): void;
  /** A file that computes what is read and takes what is written. */
  addControlFile(path: string, control: Pick<FakeFile, 'onWrite'> & { readonly read: () => string }): void;
  /** Mounts over the directory, which is made if it is missing. */
  mount(path: string, options: Omit<FakeMount, 'root'> & { readonly children?: Children }): void;
  unmount(path: string): void;
  fail(fault: Fault): void;
  /** The file that execve would open. */
  openForExecution(path: string): FakeFile;
}

export function fakeFiles({ uid = 0, gid = 0, now = () => 0 }: FakeFilesOptions = {}): FakeFiles {
  const credentials: Credentials = { uid, gid };
  const superuser: Credentials = { uid: 0, gid: 0 };
  const faults: { fault: Fault; left: number }[] = [];
  const create: FakeState['create'] = (kind, mode) => ({
    kind,
    mode,
    uid: credentials.uid,
    gid: credentials.gid,
    modifiedMs: now(),
    inode: newInode(),
  });
  const newDirectory = (): FakeDirectory => ({
    ...create('directory', 0o755),
    children: new Map(),
    ...superuser,
  });
  const rootMount: FakeMount = { type: ext4Magic, root: newDirectory() };
  const find: FakeState['find'] = (call, path, follow = true) =>
    walk(rootMount, path, { call, follow, credentials });
  const state: FakeState = { credentials, now, find, create };

  /** The place for something that a test sets up: directories above it are made. */
  const prepare = (path: string): Place => {
    const names = path.split('/').slice(1, -1);
    names.forEach((_, index) => {
      const above = walk(rootMount, `/${names.slice(0, index + 1).join('/')}`, {
        call: 'prepare',
        follow: true,
        credentials: superuser,
      });
      if (above.node === undefined) above.parent.children.set(above.name, newDirectory());
    });
    return walk(rootMount, path, { call: 'prepare', follow: false, credentials: superuser });
  };
  const add = <Added extends FakeNode>(path: string, node: Added): Added => {
    const place = prepare(path);
    if (place.path !== '/') place.parent.children.set(place.name, node);
    return node;
  };

  const checkFaults = (method: keyof Files, path: string): void => {
    const active = faults.find(({ fault, left }) => left > 0 && matches(fault, method, path));
    if (active === undefined) return;
    active.left -= 1;
    throw new SystemError(active.fault.errno, method, path);
  };

  return {
    ...withFaults({ ...readingMethods(state), ...writingMethods(state) }, checkFaults),
    credentials,
    addFile: (path, content, attributes) => {
      const data = typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content);
      return add<FakeFile>(path, {
        ...create('file', 0o644),
        data,
        executing: 0,
        ...superuser,
        ...attributes,
      });
    },
    addDirectory: (path, attributes) => {
      const { node } = prepare(path);
      if (node?.kind === 'directory') Object.assign(node, attributes);
      else add(path, { ...newDirectory(), ...attributes });
    },
    addLink: (path, target) => {
      add(path, { ...create('link', 0o777), target });
    },
    addControlFile: (path, { read, onWrite }) => {
      const file = { ...create('file', 0o644), executing: 0, ...superuser, ...(onWrite && { onWrite }) };
      Object.defineProperty(file, 'data', { get: () => new TextEncoder().encode(read()), enumerable: true });
      add(path, file as FakeFile);
    },
    mount: (path, { children = new Map<string, FakeNode>(), ...options }) => {
      const existing = prepare(path).node;
      const covered = existing?.kind === 'directory' ? existing : add(path, newDirectory());
      covered.mount = { ...options, root: { ...newDirectory(), children } };
    },
    unmount: (path) => {
      const { parent, name } = prepare(path);
      const covered = parent.children.get(name);
      if (covered?.kind === 'directory') removeTopMount(covered);
    },
    fail: (fault) => {
      faults.push({ fault, left: fault.times ?? Infinity });
    },
    openForExecution: (path) => executable(find('execve', path), credentials, path),
  };
}

function removeTopMount(covered: FakeDirectory): void {
  if (covered.mount?.root.mount === undefined) delete covered.mount;
  else removeTopMount(covered.mount.root);
}

function matches({ method, path }: Fault, calledMethod: keyof Files, calledPath: string): boolean {
  if (method !== undefined && method !== calledMethod) return false;
  return path === undefined || (typeof path === 'string' ? path === calledPath : path.test(calledPath));
}

/** The same methods, each asking first whether it is to fail. */
function withFaults(methods: Files, check: (method: keyof Files, path: string) => void): Files {
  const wrapped = Object.entries(methods).map(([name, method]) => [
    name,
    (path: string, ...rest: unknown[]): unknown => {
      check(name as keyof Files, path);
      return (method as (...args: unknown[]) => unknown)(path, ...rest);
    },
  ]);
  return Object.fromEntries(wrapped) as Files;
}
