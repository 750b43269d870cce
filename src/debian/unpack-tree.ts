import * as fs from 'node:fs';
import { chmod, link, mkdir, open, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import { debMembers, type DebMember } from './deb.ts';
import { fileFailure } from '../host/file-failure.ts';
import type { OnProgress } from '../transfer/index.ts';

export interface UnpackTreeOptions {
  /** Which members are written, by their path with /usr merged. Default: all. */
  readonly wants?: (path: string) => boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Shown with the progress. */
  readonly subject: string;
}

/** Directories of old that are links into /usr, in every root that is made here. */
export const mergedDirectories = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'] as const;
const mergedPath = new RegExp(String.raw`^(${mergedDirectories.join('|')})/`);

/** `lib/x86_64-linux-gnu/libc.so.6` is `usr/lib/…` in a merged root. */
export function mergedUsr(path: string): string {
  return path.replace(mergedPath, 'usr/$1/');
}

/**
 * Writes members of a .deb below a directory, where other packages may have been unpacked before. Nothing is ever written
 * through a link, whatever the package has: names were checked by the reader, and every directory above a file is a real
 * one. Owners, setuid bits, times and devices are left out.
 *
 * @returns what was written, by merged path, with the path in the package
 * @throws AnyarchError ANYARCH_ARCHIVE_INVALID, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_CANCELLED
 */
export async function unpackTree(
  deb: string,
  directory: string,
  options: UnpackTreeOptions,
): Promise<ReadonlyMap<string, string>> {
  const written = new Map<string, string>();
  const { wants = () => true } = options;
  /** Hard links to what was not wanted, by that: their content has passed. */
  const unmade = new Map<string, string[]>();
  const attempt = (path: string, write: Promise<void>) =>
    write.catch((error: unknown) => {
      throw fileFailure(error, `${directory}/${path}`);
    });
  for await (const one of debMembers(deb, options)) {
    const path = mergedUsr(one.member.path);
    if (path === '' || isMergedName(path) || !wants(path)) continue;
    const target =
      one.isHardLink && one.member.kind === 'link' ? mergedUsr(one.member.target ?? '') : undefined;
    if (target !== undefined && !wants(target)) unmade.set(target, [...(unmade.get(target) ?? []), path]);
    else await attempt(path, writeMember(deb, directory, path, one));
    if (one.member.kind !== 'directory') written.set(path, one.member.path);
  }
  if (unmade.size === 0) return written;
  for await (const one of debMembers(deb, options)) {
    const [first, ...others] = unmade.get(mergedUsr(one.member.path)) ?? [];
    if (first === undefined || one.member.kind !== 'file') continue;
    await attempt(first, writeMember(deb, directory, first, one));
    for (const path of others) await attempt(path, hardLink(deb, directory, first, path));
  }
  return written;
}

function isMergedName(path: string): boolean {
  return mergedDirectories.some((name) => name === path);
}

async function writeMember(deb: string, directory: string, path: string, one: DebMember): Promise<void> {
  const { member } = one;
  const place = `${directory}/${path}`;
  if (member.kind === 'directory') {
    // Packages share directories; a link to a directory that is there stays.
    if (fs.lstatSync(place, { throwIfNoEntry: false }) === undefined)
      await makeParents(deb, directory, `${path}/x`);
    return;
  }
  await makeParents(deb, directory, path);
  fs.rmSync(place, { force: true });
  if (member.kind === 'file') await writeFile(place, one);
  else if (one.isHardLink) await hardLink(deb, directory, mergedUsr(member.target ?? ''), path);
  else await symlink(one.linkText, place);
}

async function writeFile(place: string, { content, isExecutable }: DebMember): Promise<void> {
  const handle = await open(place, 'wx', 0o600);
  try {
    for await (const chunk of content) await handle.writeFile(chunk);
  } finally {
    await handle.close();
  }
  await chmod(place, isExecutable ? 0o755 : 0o644);
}

/** A hard link to another kind of file is left out. */
async function hardLink(deb: string, directory: string, target: string, path: string): Promise<void> {
  await makeParents(deb, directory, target);
  await makeParents(deb, directory, path);
  const source = `${directory}/${target}`;
  const place = `${directory}/${path}`;
  fs.rmSync(place, { force: true });
  if (fs.lstatSync(source, { throwIfNoEntry: false })?.isFile() === true) await link(source, place);
}

/** Makes the directories above a path; each must be a directory and no link. */
async function makeParents(deb: string, directory: string, path: string): Promise<void> {
  const names = dirname(path) === '.' ? [] : dirname(path).split('/');
  let place = directory;
  for (const name of names) {
    place = `${place}/${name}`;
    const status = fs.lstatSync(place, { throwIfNoEntry: false });
    if (status?.isDirectory() === true) continue;
    if (status !== undefined)
      throw new AnyarchError(
        'ANYARCH_ARCHIVE_INVALID',
        `${deb} cannot be unpacked: ${path} lies below ${place.slice(directory.length + 1)}, which is no directory`,
        { hint: 'the package is damaged or hostile; nothing of it was used' },
      );
    await mkdir(place, 0o755);
  }
}
