import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { forNode, joined } from '../tree/bytes-path.ts';
import type { TreePath } from '../tree/bytes-path.ts';
import { linkTarget, look, namesIn } from '../tree/tree-files.ts';
import type { ListedFile } from './line.ts';

export interface WalkSources {
  /** SHA-256 of a file's content. */
  readonly digest: (path: TreePath, status: fs.Stats) => string;
  /** Values of the extended attributes that are listed, for the files of one directory. */
  readonly xattrs: (
    files: readonly { readonly path: TreePath; readonly inode: number }[],
  ) => ReadonlyMap<TreePath, Readonly<Record<string, string>>>;
}

/** Every file of the tree that the process is in, the tree itself first. */
export function* walkTree(sources: WalkSources): Generator<ListedFile> {
  const status = look('');
  if (status === undefined) return;
  const xattrs = sources.xattrs([{ path: '', inode: status.ino }]);
  yield listed('', status, sources, xattrs.get('') ?? {});
  yield* walkDirectory('', sources);
}

function* walkDirectory(directory: TreePath, sources: WalkSources): Generator<ListedFile> {
  const files = namesIn(directory).flatMap((name) => {
    const path = joined(directory, name);
    const status = look(path);
    return status === undefined ? [] : [{ path, status, inode: status.ino }];
  });
  const xattrs = sources.xattrs(files);
  for (const { path, status } of files) {
    yield listed(path, status, sources, xattrs.get(path) ?? {});
    if (status.isDirectory()) yield* walkDirectory(path, sources);
  }
}

function listed(
  path: TreePath,
  status: fs.Stats,
  { digest }: WalkSources,
  xattrs: ListedFile['xattrs'],
): ListedFile {
  const kind = kindOf(status);
  return {
    path,
    kind,
    mode: status.mode & 0o7777,
    uid: status.uid,
    gid: status.gid,
    size: kind === 'file' ? status.size : 0,
    content: kind === 'link' ? linkTarget(path) : kind === 'file' ? contentOf(path, status, digest) : '',
    xattrs,
  };
}

function contentOf(path: TreePath, status: fs.Stats, digest: WalkSources['digest']): string {
  return status.size === 0 ? sha256OfNothing : digest(path, status);
}

const sha256OfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function kindOf(status: fs.Stats): ListedFile['kind'] {
  if (status.isFile()) return 'file';
  if (status.isDirectory()) return 'directory';
  if (status.isSymbolicLink()) return 'link';
  return status.isFIFO() ? 'fifo' : 'other';
}

const piece = Buffer.alloc(1 << 20);

/** Of the content as it is now. */
export function sha256Of(path: TreePath): string {
  const { O_RDONLY, O_NOFOLLOW } = fs.constants;
  const descriptor = fs.openSync(forNode(path), O_RDONLY | O_NOFOLLOW);
  try {
    const digest = createHash('sha256');
    for (;;) {
      const length = fs.readSync(descriptor, piece);
      if (length === 0) return digest.digest('hex');
      digest.update(piece.subarray(0, length));
    }
  } finally {
    fs.closeSync(descriptor);
  }
}
