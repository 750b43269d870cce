import * as fs from 'node:fs';
import { AnyarchError } from '../../core/error.ts';
import type { TarEntry } from '../tar/entry.ts';
import { forNode, parentOf, shown } from './bytes-path.ts';
import type { TreePath } from './bytes-path.ts';
import { look } from './tree-files.ts';

type Facts = Pick<TarEntry, 'mode' | 'uid' | 'gid' | 'mtime'>;

/** Gives files the owner, the mode and the time that the layers say. */
export interface Metadata {
  file(descriptor: number, entry: TarEntry): void;
  /** Mode and time come in the end: until then things are made in it. */
  directory(path: TreePath, entry: Facts): void;
  /** A link, which has no mode, or a fifo. */
  other(path: TreePath, entry: TarEntry): void;
  /** A directory was removed. */
  forget(): void;
  finish(): void;
}

export function createMetadata(isSingleId: boolean): Metadata {
  const directories = new Map<TreePath, Facts>();
  let isStale = false;
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
    forget: () => {
      isStale = true;
    },
    finish: () => {
      const isReal = realDirectories();
      // The lowest first: a mode without x would hide what is below from a user without the ids of the image.
      const paths = [...directories.keys()].sort().reverse();
      for (const path of paths) {
        const facts = directories.get(path);
        // Where a directory was, or above it, there may be a link by now.
        if (facts === undefined || (isStale && !isReal(path))) continue;
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

/** Tells whether all of a path is directories. */
function realDirectories(): (path: TreePath) => boolean {
  const known = new Map<TreePath, boolean>([['', true]]);
  const isReal = (path: TreePath): boolean => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const found = isReal(parentOf(path)) && look(path)?.isDirectory() === true;
    known.set(path, found);
    return found;
  };
  return isReal;
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
