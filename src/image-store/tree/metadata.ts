import * as fs from 'node:fs';
import { AnyarchError } from '../../core/error.ts';
import type { TarEntry } from '../tar/entry.ts';
import { forNode, joined, parentOf, shown } from './bytes-path.ts';
import type { TreePath } from './bytes-path.ts';

type Facts = Pick<TarEntry, 'mode' | 'uid' | 'gid' | 'mtime'>;

/** Gives files the owner, the mode and the time that the layers say. */
export interface Metadata {
  file(descriptor: number, entry: TarEntry): void;
  /** Mode and time come in the end: until then things are made in it. */
  directory(path: TreePath, entry: Facts): void;
  /** A link, which has no mode, or a fifo. */
  other(path: TreePath, entry: TarEntry): void;
  /** The directory is removed, with all in it: what takes its place gets nothing that was said of it. */
  forget(path: TreePath): void;
  finish(): void;
}

export function createMetadata(isSingleId: boolean): Metadata {
  const directories = factsByDirectory();
  return {
    file: (descriptor, entry) => {
      if (!isSingleId)
        owned(entry, () => {
          fs.fchownSync(descriptor, entry.uid, entry.gid);
        });
      // After the owner, whose change takes the setuid bit away.
      fs.fchmodSync(descriptor, entry.mode);
      const time = timeOf(entry.mtime);
      fs.futimesSync(descriptor, time, time);
    },
    directory: (path, entry) => {
      const { mode, uid, gid, mtime } = entry;
      directories.set(path, { mode, uid, gid, mtime });
    },
    other: (path, entry) => {
      const place = forNode(path);
      if (!isSingleId)
        owned(entry, () => {
          fs.lchownSync(place, entry.uid, entry.gid);
        });
      if (entry.kind === 'fifo') fs.chmodSync(place, entry.mode);
      const time = timeOf(entry.mtime);
      fs.lutimesSync(place, time, time);
    },
    forget: (path) => {
      directories.forget(path);
    },
    finish: () => {
      for (const [path, facts] of directories.lowestFirst()) {
        const place = forNode(path);
        const { uid, gid, mode, mtime } = facts;
        if (!isSingleId)
          owned({ uid, gid, path }, () => {
            fs.lchownSync(place, uid, gid);
          });
        fs.chmodSync(place, mode);
        const time = timeOf(mtime);
        fs.utimesSync(place, time, time);
      }
    },
  };
}

interface DirectoryFacts {
  set(path: TreePath, facts: Facts): void;
  forget(path: TreePath): void;
  /** A mode without x would hide what is below from a user without the ids of the image. */
  lowestFirst(): Generator<readonly [TreePath, Facts]>;
}

/**
 * What is known of the directories that are there. The tree of them forgets a directory with all in it at once: the paths of
 * a whole image would have to be looked through for each.
 */
function factsByDirectory(): DirectoryFacts {
  const root: DirectoryNode = {};
  return {
    set: (path, facts) => {
      let node = root;
      for (const name of partsOf(path)) {
        node.inside ??= new Map();
        const next = node.inside.get(name) ?? {};
        node.inside.set(name, next);
        node = next;
      }
      node.facts = facts;
    },
    forget: (path) => {
      let node: DirectoryNode | undefined = root;
      for (const name of partsOf(parentOf(path))) node = node?.inside?.get(name);
      node?.inside?.delete(path.slice(path.lastIndexOf('/') + 1));
    },
    lowestFirst: () => lowestFirst('', root),
  };
}

interface DirectoryNode {
  facts?: Facts;
  inside?: Map<string, DirectoryNode>;
}

function* lowestFirst(
  path: TreePath,
  { facts, inside }: DirectoryNode,
): Generator<readonly [TreePath, Facts]> {
  for (const [name, node] of inside ?? []) yield* lowestFirst(joined(path, name), node);
  if (facts !== undefined) yield [path, facts];
}

function partsOf(path: TreePath): readonly string[] {
  return path === '' ? [] : path.split('/');
}

/** Node takes a negative number for a mistake and the time of now, but not a date. */
function timeOf(seconds: number): number | Date {
  return seconds < 0 ? new Date(Math.floor(seconds) * 1000) : seconds;
}

function owned({ uid, gid, path }: Pick<TarEntry, 'uid' | 'gid' | 'path'>, change: () => void): void {
  try {
    change();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
    throw new AnyarchError(
      'ANYARCH_IMAGE_OWNER',
      `${shown(path)} belongs to ${uid}:${gid} in the image, and the user does not have that many ids`,
      {
        hint: 'as root, give the user more: usermod --add-subuids FIRST-LAST --add-subgids FIRST-LAST USER, then "podman system migrate" if podman is used',
        cause: error,
      },
    );
  }
}
