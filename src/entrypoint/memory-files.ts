import type { FileKind, FileStatus, Files } from '../host/files.ts';
import type { Host } from '../host/host.ts';
import { SystemError, ignoring } from '../host/system-error.ts';

interface Kept extends FileStatus {
  readonly kind: FileKind & ('file' | 'directory');
  readonly data: Uint8Array;
}

const longestName = 255;

/** `f_type` of ramfs (linux/magic.h), which this is most like. */
const ramfsMagic = 0x858458f6;

/**
 * An empty directory that exists in this process only. Paths have no `.` or `..`; there are no links, nothing can be
 * executed or hashed, and nothing checks permissions.
 *
 * @param directory absolute; every path must be it or below it
 */
export function memoryFiles({ system, clock }: Pick<Host, 'system' | 'clock'>, directory: string): Files {
  const kept = new Map<string, Kept>();
  let inode = 0;
  const put = (path: string, kind: Kept['kind'], mode: number, data = new Uint8Array()): void => {
    inode += 1;
    const { uid, gid } = system;
    kept.set(path, { kind, mode, data, size: data.length, uid, gid, inode, modifiedMs: clock.now() });
  };
  put(directory, 'directory', 0o755);

  /** Undefined where nothing is in a directory that exists. */
  const find = (call: string, path: string): Kept | undefined => {
    if (path.slice(path.lastIndexOf('/') + 1).length > longestName)
      throw new SystemError('ENAMETOOLONG', call, path);
    if (path !== directory && existing(call, parentOf(path)).kind !== 'directory')
      throw new SystemError('ENOTDIR', call, path);
    return kept.get(path);
  };
  const existing = (call: string, path: string): Kept => {
    const found = find(call, path);
    if (found === undefined) throw new SystemError('ENOENT', call, path);
    return found;
  };
  const file = (call: string, path: string): Kept => {
    const found = existing(call, path);
    if (found.kind === 'directory') throw new SystemError('EISDIR', call, path);
    return found;
  };
  const below = (path: string): string[] => [...kept.keys()].filter((one) => one.startsWith(`${path}/`));
  const createNew = (path: string, data: Uint8Array, mode = 0o644): void => {
    if (find('open', path) !== undefined) throw new SystemError('EEXIST', 'open', path);
    put(path, 'file', mode, Uint8Array.from(data));
  };
  const read = (path: string): Uint8Array => Uint8Array.from(file('read', path).data);
  const status = (path: string): FileStatus | undefined =>
    ignoring(['ENOENT', 'ENOTDIR'], () => {
      const { kind, size, mode, uid, gid, inode: number, modifiedMs } = existing('stat', path);
      return { kind, size, mode, uid, gid, inode: number, modifiedMs };
    });
  const refuse = (call: string, path: string, errno: string): never => {
    existing(call, path);
    throw new SystemError(errno, call, path);
  };

  return {
    read,
    readAt: (path, offset, length) => read(path).slice(offset, offset + length),
    writeOnce: (path, data) => {
      const found = file('write', path);
      const whole = Uint8Array.from([...data, ...found.data.subarray(data.length)]);
      kept.set(path, { ...found, data: whole, size: whole.length, modifiedMs: clock.now() });
    },
    writeAtomic: (path, data, mode = 0o644) => {
      if (find('write', path)?.kind === 'directory') throw new SystemError('EISDIR', 'write', path);
      put(path, 'file', mode, Uint8Array.from(data));
    },
    createExclusive: createNew,
    createFleeting: createNew,
    list: (path) => {
      if (existing('readdir', path).kind !== 'directory') throw new SystemError('ENOTDIR', 'readdir', path);
      const start = path.length + 1;
      return below(path).flatMap((one) => (one.includes('/', start) ? [] : [one.slice(start)]));
    },
    status,
    linkStatus: status,
    readLink: (path) => refuse('readlink', path, 'EINVAL'),
    resolve: (path) => {
      existing('realpath', path);
      return path;
    },
    isExecutable: () => false,
    makeDirectory: function make(path, mode = 0o755): void {
      const isParentMissing = ignoring(['ENOENT'], () => find('mkdir', path) ?? true) === undefined;
      if (isParentMissing) make(parentOf(path), mode);
      const found = find('mkdir', path);
      if (found === undefined) put(path, 'directory', mode);
      else if (found.kind !== 'directory') throw new SystemError('EEXIST', 'mkdir', path);
    },
    rename: (from, to) => {
      const source = existing('rename', from);
      const target = find('rename', to);
      const errno = refusalToReplace(source, target, () => below(to).length > 0);
      if (errno !== undefined) throw new SystemError(errno, 'rename', to);
      if (to.startsWith(`${from}/`)) throw new SystemError('EINVAL', 'rename', to);
      for (const path of [from, ...below(from)]) {
        const moved = kept.get(path);
        kept.delete(path);
        if (moved !== undefined) kept.set(`${to}${path.slice(from.length)}`, moved);
      }
    },
    remove: (path) => {
      for (const one of [path, ...below(path)]) kept.delete(one);
    },
    removeDirectory: (path) => {
      if (existing('rmdir', path).kind !== 'directory') throw new SystemError('ENOTDIR', 'rmdir', path);
      if (below(path).length > 0) throw new SystemError('ENOTEMPTY', 'rmdir', path);
      kept.delete(path);
    },
    writeLink: (path) => {
      throw new SystemError('ENOSYS', 'symlink', path);
    },
    sha256: (path) => refuse('read', path, 'ENOTSUP'),
    fileSystemType: (path) => {
      existing('statfs', path);
      return ramfsMagic;
    },
  };
}

function refusalToReplace(source: Kept, target: Kept | undefined, isFull: () => boolean): string | undefined {
  if (target === undefined) return undefined;
  if (source.kind === 'file') return target.kind === 'directory' ? 'EISDIR' : undefined;
  if (target.kind === 'file') return 'ENOTDIR';
  return isFull() ? 'ENOTEMPTY' : undefined;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
