import { createHash, type Hash } from 'node:crypto';
import { readMembers, type OpenedLayer, type TarEntry } from '../../image-store/index.ts';
import type { Member } from './member.ts';

/**
 * The members of a layer, each by its last entry, as a layer that names a file twice is unpacked.
 *
 * @throws AnyarchError ANYARCH_DIGEST_MISMATCH, ANYARCH_IMAGE_INVALID, ANYARCH_FILE
 */
export async function readLayer(layer: OpenedLayer): Promise<Map<string, Member>> {
  const members = new Map<string, Member>();
  let open: { readonly entry: TarEntry; readonly hash: Hash } | undefined;
  await readMembers(layer, {
    open: (entry) => {
      open = { entry, hash: createHash('sha256') };
    },
    data: (piece) => {
      open?.hash.update(piece);
    },
    close: () => {
      if (open === undefined) return;
      members.set(plainPath(open.entry.path), memberOf(open.entry, open.hash));
      open = undefined;
    },
  });
  return withoutHardLinks(members);
}

/**
 * The contents of some files of a layer.
 *
 * @param wanted paths as `readLayer` has them
 */
export async function readContents(
  layer: OpenedLayer,
  wanted: ReadonlySet<string>,
): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  let path: string | undefined;
  let pieces: Buffer[] = [];
  await readMembers(layer, {
    open: (entry) => {
      path = plainPath(entry.path);
      pieces = [];
    },
    data: (piece) => {
      if (path !== undefined && wanted.has(path)) pieces.push(Buffer.from(piece));
    },
    close: () => {
      if (path !== undefined && wanted.has(path)) contents.set(path, Buffer.concat(pieces));
    },
  });
  return contents;
}

/** Without `./`, slashes in front and behind: engines write them differently. */
function plainPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function memberOf(entry: TarEntry, hash: Hash): Member {
  const { kind, mode, uid, gid, size, link, major, minor, mtime, xattrs } = entry;
  const isDevice = kind === 'character' || kind === 'block';
  return {
    kind,
    mode,
    uid,
    gid,
    size,
    sha256: kind === 'file' ? hash.digest('hex') : '',
    link: kind === 'hardlink' ? plainPath(link) : kind === 'symlink' ? link : '',
    device: isDevice ? `${major}:${minor}` : '',
    mtime,
    xattrs: [...xattrs].map(([name, value]) => `${name}=${Buffer.from(value).toString('hex')}`).sort(),
  };
}

/**
 * Which of a file's names comes first is up to the order of the archive. All become files, and say by the first of their
 * names in the alphabet which belong together.
 */
function withoutHardLinks(members: Map<string, Member>): Map<string, Member> {
  const groups = new Map<string, string[]>();
  for (const [path, { kind, link }] of members)
    if (kind === 'hardlink') groups.set(link, [...(groups.get(link) ?? [link]), path]);
  for (const [target, paths] of groups) {
    const file = members.get(target);
    // Of a lower layer.
    if (file?.kind !== 'file') continue;
    const [first = target] = [...paths].sort();
    for (const path of paths) members.set(path, { ...file, link: first });
  }
  return members;
}
