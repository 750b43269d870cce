import * as fs from 'node:fs';
import { damaged } from '../tar/damaged.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { TarTaker } from '../tar/reader.ts';
import type { Launch } from '../worker/launcher.ts';
import { forNode, joined, shown } from './bytes-path.ts';
import type { TreePath } from './bytes-path.ts';
import { createDigests } from './digests.ts';
import type { Digests } from './digests.ts';
import { extendedAttributes, makeFifo } from './extended.ts';
import { fileError } from './file-error.ts';
import { fileWriter } from './file-writer.ts';
import { createMetadata } from './metadata.ts';
import type { Meter } from './limits.ts';
import { componentsOf, meaningOf } from './names.ts';
import { createPlaces } from './places.ts';
import { checkNumbers } from './plausible.ts';
import { look, removeTree } from './tree-files.ts';
import { lowestLayer, upperPaths } from './upper-paths.ts';
import { hideLower } from './whiteout.ts';

export interface Extractor {
  /** For the next layer, from the lowest on. */
  layer(): TarTaker;
  /** To be called once, after the last layer. */
  finish(): void;
  readonly digests: Digests;
  /** Extended attributes that were set, by the inode of their file. */
  readonly xattrs: ReadonlyMap<number, ReadonlyMap<string, Uint8Array>>;
  leftOut(): { readonly deviceNodes: number; readonly xattrs: number };
}

export interface ExtractorOptions {
  readonly launch: Launch;
  readonly meter: Meter;
  /** All files belong to the user, whoever the layers say. */
  readonly isSingleId: boolean;
}

/**
 * Puts layers over each other in the working directory, which nobody else writes to. No link of theirs leads out of it:
 * parents are looked at one by one, last links are never followed.
 *
 * @throws AnyarchError from all of it ANYARCH_IMAGE_INVALID, ANYARCH_IMAGE_LIMIT, ANYARCH_IMAGE_OWNER, ANYARCH_DISK_FULL,
 *   ANYARCH_FILE
 */
export function createExtractor({ launch, meter, isSingleId }: ExtractorOptions): Extractor {
  const digests = createDigests();
  const metadata = createMetadata(isSingleId);
  const attributes = extendedAttributes(launch);
  const xattrs = new Map<number, Map<string, Uint8Array>>();
  const writer = fileWriter(digests, metadata);
  /** Device nodes that were left out, also as hard links. */
  const devices = new Set<TreePath>();
  let deviceNodes = 0;
  let upper = lowestLayer;
  let layers = 0;

  const remove = (path: TreePath, status: fs.Stats): void => {
    attributes.settle(path, status.isDirectory());
    if (status.isDirectory() || status.isSymbolicLink()) places.forget();
    if (status.isDirectory()) metadata.forget(path);
    removeTree(path, status);
  };
  const places = createPlaces(remove);
  const makeWay = (path: TreePath): void => {
    const status = look(path);
    if (status !== undefined) remove(path, status);
  };
  const setAttributes = (path: TreePath, wanted: TarEntry['xattrs']): void => {
    if (wanted.size === 0) return;
    const inode = look(path)?.ino ?? 0;
    for (const [name, value] of wanted)
      attributes.set(path, name, value, () => {
        const set = xattrs.get(inode) ?? new Map<string, Uint8Array>();
        xattrs.set(inode, set.set(name, value));
      });
  };

  const makeDirectory = (path: TreePath, entry: TarEntry): void => {
    const status = path === '' ? look('') : look(path);
    if (status?.isDirectory() !== true) {
      if (status !== undefined) remove(path, status);
      fs.mkdirSync(forNode(path), 0o700);
    }
    metadata.directory(path, entry);
  };
  const leaveOutDevice = (path: TreePath): void => {
    makeWay(path);
    devices.add(path);
    deviceNodes += 1;
  };
  const makeHardLink = (path: TreePath, entry: TarEntry): void => {
    const parts = componentsOf(entry.link);
    const directory = places.find(parts.slice(0, -1));
    const name = parts.at(-1);
    const target = directory === undefined || name === undefined ? undefined : joined(directory, name);
    const status = target === undefined ? undefined : look(target);
    if (target !== undefined && status === undefined && devices.has(target)) {
      leaveOutDevice(path);
      return;
    }
    if (target === undefined || status === undefined || status.isDirectory())
      throw damaged(`has a hard link ${shown(path)} to ${shown(entry.link)}, which is no file of the image`);
    if (target === path) return;
    makeWay(path);
    fs.linkSync(forNode(target), forNode(path));
  };
  const makeOther = (path: TreePath, entry: TarEntry): void => {
    makeWay(path);
    if (entry.kind === 'symlink') fs.symlinkSync(linkContent(entry), forNode(path));
    else {
      const refused = makeFifo(launch, path);
      if (refused !== undefined) throw damaged(`has a fifo ${shown(path)} that cannot be made (${refused})`);
    }
    metadata.other(path, entry);
  };

  const make = (path: TreePath, entry: TarEntry): void => {
    switch (entry.kind) {
      case 'directory':
        makeDirectory(path, entry);
        break;
      case 'file':
        writer.open(path, entry, () => {
          makeWay(path);
        });
        return;
      case 'hardlink':
        makeHardLink(path, entry);
        return;
      case 'symlink':
      case 'fifo':
        makeOther(path, entry);
        break;
      case 'character':
      case 'block':
        leaveOutDevice(path);
        return;
    }
    setAttributes(path, entry.xattrs);
  };

  const open = (entry: TarEntry): void => {
    meter.entry();
    checkNumbers(entry);
    const parts = componentsOf(entry.path);
    const name = parts.at(-1);
    if (entry.kind === 'character' && entry.major === 0 && entry.minor === 0)
      throw damaged(`has a whiteout of overlayfs, ${shown(entry.path)}, where layers have other ones`);
    if (name === undefined) {
      if (entry.kind !== 'directory') throw damaged('has something else than a directory as its root');
      make('', entry);
      return;
    }
    const meaning = meaningOf(parts);
    const above = parts.slice(0, -1);
    if (meaning.kind === 'ignored') return;
    if (meaning.kind === 'member') {
      const path = joined(places.make(above, upper), name);
      upper.add(path);
      make(path, entry);
      return;
    }
    const directory = places.find(above);
    if (directory === undefined) return;
    const hidden = meaning.kind === 'opaque' ? directory : joined(directory, meaning.name);
    hideLower(hidden, upper, remove, meaning.kind === 'opaque');
  };

  return {
    layer: () => {
      upper = layers === 0 ? lowestLayer : upperPaths();
      layers += 1;
      let current: TarEntry | undefined;
      const guarded = (action: () => void): void => {
        try {
          action();
        } catch (error) {
          throw fileError(error, current?.path ?? '');
        }
      };
      return {
        open: (entry) => {
          current = entry;
          guarded(() => {
            open(entry);
          });
        },
        data: (piece) => {
          guarded(() => {
            writer.data(piece);
          });
        },
        close: () => {
          guarded(() => {
            const path = writer.close();
            if (path !== undefined && current !== undefined) setAttributes(path, current.xattrs);
          });
        },
      };
    },
    finish: () => {
      attributes.flush();
      metadata.finish();
    },
    digests,
    xattrs,
    leftOut: () => ({ deviceNodes, xattrs: attributes.leftOut() }),
  };
}

function linkContent({ path, link }: TarEntry): Buffer {
  if (link === '') throw damaged(`has a symbolic link ${shown(path)} to nothing`);
  return Buffer.from(link, 'latin1');
}
