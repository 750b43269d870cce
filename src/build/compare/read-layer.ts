import { createHash, type Hash } from 'node:crypto';
import { readMembers, type OpenedLayer, type TarEntry } from '../../image-store/index.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { Member } from './member.ts';

const headBytes = 8;

/** PAX records that tell of the tar's writer and of times (pax(1), star(5), libarchive): none of it is in the image's tree. */
const ofTheWriter =
  /^(atime|ctime|mtime|uname|gname|comment|charset|hdrcharset|LIBARCHIVE\.creationtime|SCHILY\.(dev|ino|nlink|realsize|offset|volhdr))$/;

/**
 * The members of a layer, each by its last entry, as a layer that names a file twice is unpacked.
 *
 * @throws AnyarchError ANYARCH_DIGEST_MISMATCH, ANYARCH_IMAGE_INVALID, ANYARCH_FILE, ANYARCH_CANCELLED
 */
export async function readLayer(
  layer: OpenedLayer,
  signal: AbortSignal | undefined,
): Promise<Map<string, Member>> {
  const members = new Map<string, Member>();
  let open: { readonly entry: TarEntry; readonly hash: Hash; head: string } | undefined;
  await readMembers(layer, {
    open: (entry) => {
      throwIfCancelled(signal);
      open = { entry, hash: createHash('sha256'), head: '' };
    },
    data: (piece) => {
      throwIfCancelled(signal);
      if (open === undefined) return;
      open.hash.update(piece);
      if (open.head.length < headBytes)
        open.head += piece.toString('latin1', 0, headBytes - open.head.length);
    },
    close: () => {
      if (open === undefined) return;
      members.set(plainPath(open.entry.path), memberOf(open.entry, open.hash, open.head));
      open = undefined;
    },
  });
  return withoutHardLinks(members);
}

/**
 * The contents of some files of a layer.
 *
 * @param wanted paths as `readLayer` has them
 * @param mostBytes of one file; larger ones, which a lower layer may have under the same path, are left out
 * @throws AnyarchError as `readLayer`
 */
export async function readContents(
  layer: OpenedLayer,
  wanted: ReadonlySet<string>,
  mostBytes: number,
  signal: AbortSignal | undefined,
): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  let path: string | undefined;
  let pieces: Buffer[] = [];
  await readMembers(layer, {
    open: (entry) => {
      throwIfCancelled(signal);
      const plain = plainPath(entry.path);
      path = wanted.has(plain) && entry.size <= mostBytes ? plain : undefined;
      pieces = [];
    },
    data: (piece) => {
      if (path !== undefined) pieces.push(Buffer.from(piece));
    },
    close: () => {
      if (path !== undefined) contents.set(path, Buffer.concat(pieces));
      pieces = [];
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

function memberOf(entry: TarEntry, hash: Hash, head: string): Member {
  const { kind, mode, uid, gid, size, link, major, minor, mtime, xattrs, records = [] } = entry;
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
    xattrs: [...xattrs, ...[...records].filter(([key]) => !ofTheWriter.test(key))]
      .map(([name, value]) => `${name}=${Buffer.from(value).toString('hex')}`)
      .sort(),
    head,
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
