import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { unpackedSize } from '../image-store/index.ts';
import { processesThatName } from '../machine/index.ts';
import { foundNothing, leaving, together, type FoundFiles } from './found.ts';
import type { Known } from './known.ts';
import { isProven } from './proof.ts';
import { lockUser, probeUser } from './users.ts';

export interface WalkParts {
  readonly host: Pick<Host, 'files' | 'system'>;
  /** Who may own what is ours. */
  readonly owners: readonly number[];
  /** Whether somebody may keep files of his own there: then names prove nothing. */
  readonly isShared: boolean;
  /** Where something is mounted. */
  readonly mounts: readonly string[];
  /** See `FoundFile`. */
  readonly place: string | undefined;
}

interface Within {
  /** Whether what is not ours is reported. */
  readonly tells: boolean;
  readonly isStore: boolean;
  readonly isMachine?: boolean;
}

/** What is in a directory, in the order of `content`. */
export function walk(
  parts: WalkParts,
  directory: string,
  content: readonly Known[],
  within: Within,
): FoundFiles {
  const { files } = parts.host;
  const names = files.list(directory).toSorted();
  const claimed = new Set<string>();
  const ours = content.flatMap((known) =>
    names.flatMap((name): FoundFiles[] => {
      const path = `${directory}/${name}`;
      if (claimed.has(name) || !known.name.test(name)) return [];
      const status = files.linkStatus(path);
      if (status?.kind !== known.kind) return [];
      claimed.add(name);
      if (!parts.owners.includes(status.uid))
        return within.tells ? [leaving(path, 'it belongs to another user')] : [];
      return [take(parts, path, known, kindOf(known, within))];
    }),
  );
  const others = within.tells ? names.filter((name) => !claimed.has(name)) : [];
  return together([...ours, ...others.map((name) => leave(parts, `${directory}/${name}`))]);
}

/**
 * Whether nothing but ours is directly in a directory, records among it: then what else has a name of ours there is ours,
 * too.
 */
export function isAllOurs(
  { files }: Pick<Host, 'files'>,
  directory: string,
  content: readonly Known[],
): boolean {
  const known = files.list(directory).map((name) => {
    const path = `${directory}/${name}`;
    const kind = files.linkStatus(path)?.kind;
    const claim = content.find((one) => one.kind === kind && one.name.test(name));
    if (claim?.content !== 'document') return claim;
    return isProven({ files }, path, claim) ? claim : undefined;
  });
  return !known.includes(undefined) && known.some((claim) => claim?.content === 'document');
}

type Kind = Pick<Within, 'isMachine' | 'isStore'>;

function kindOf(known: Known, within: Kind): Kind {
  return {
    isStore: within.isStore || known.isStore === true,
    ...(within.isMachine === true || known.isMachine === true ? { isMachine: true } : {}),
  };
}

function take(parts: WalkParts, path: string, known: Known, ofKind: Kind): FoundFiles {
  const { content } = known;
  const { host, isShared, mounts, place } = parts;
  const mount = mounts.find((point) => point === path || point.startsWith(`${path}/`));
  if (typeof content !== 'string' && mount !== path) {
    const inside = walk(parts, path, content, { tells: true, ...ofKind });
    const isEmpty = inside.found.length === 0 && inside.left.length === 0;
    if (isShared && isEmpty) return leaving(path, 'it is empty, and who made it is not known: rmdir it');
    return together([
      inside,
      isShared && inside.found.length === 0
        ? foundNothing
        : directoryAt(path, { isStore: ofKind.isStore, place }),
    ]);
  }
  if (mount !== undefined) return leaving(path, `something is mounted at ${mount}`);
  if (isShared && !isProven(host, path, known))
    return leaving(path, 'nothing but its name says that anyarch made it', place);
  if (known.isServed === true && processesThatName(host, path).length > 0)
    return leaving(path, 'a machine of another state directory runs with it', place);
  const user = content === 'lock' ? lockUser(host, path) : probeUser(host, path);
  const kind = content === 'tree' ? 'tree' : 'file';
  return {
    found: [{ path, kind, ...ofKind, bytes: bytesOf(host, path), ...(place === undefined ? {} : { place }) }],
    left: [],
    users: user === undefined ? [] : [user],
  };
}

/** A directory that goes when nothing is left in it. */
export function directoryAt(
  path: string,
  { isStore, place }: { readonly isStore: boolean; readonly place: string | undefined },
): FoundFiles {
  const one = {
    path,
    kind: 'directory',
    isStore,
    bytes: 0,
    ...(place === undefined ? {} : { place }),
  } as const;
  return { ...foundNothing, found: [one] };
}

/**
 * Of what may not be looked into, or is too deep to be named from outside, as much as can be seen. Disks of machines have
 * holes, in which there is nothing to be removed.
 */
function bytesOf({ files }: Pick<Host, 'files'>, path: string): number {
  const status = ignoring(unseen, () => files.linkStatus(path));
  if (status?.kind !== 'directory') {
    const { size = 0, allocatedBytes = size } = status ?? {};
    return Math.min(size, allocatedBytes);
  }
  // A tree of an image may be of other ids, and have a million files.
  const known = unpackedSize(files, path);
  if (known !== undefined) return known;
  const names = ignoring(unseen, () => files.list(path)) ?? [];
  return names.reduce((sum, name) => sum + bytesOf({ files }, `${path}/${name}`), 0);
}

const unseen = ['EACCES', 'EPERM', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR', 'ELOOP', 'EIO', 'ESTALE'];

function leave({ host: { files }, place }: WalkParts, path: string): FoundFiles {
  const isLink = files.linkStatus(path)?.kind === 'link';
  return leaving(
    path,
    isLink
      ? `it is a link to ${files.readLink(path)}, which anyarch did not make`
      : 'anyarch did not make it',
    place,
  );
}
