import { lstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { createHash } from 'node:crypto';
import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { blobPath, digestOfHex } from '../core/oci/digest.ts';
import { invalid } from '../core/oci/fields.ts';
import { layoutFiles } from '../core/oci/layout.ts';
import { quote } from '../core/text.ts';
import { errnoOf } from '../host/node/system-call.ts';
import { openArchiveFile, openBlob, readPieces, UnfitFile } from './regular-file.ts';
import { whyNoArchive } from './why-no-archive.ts';

/** The files of a layout or an archive, by their names in it. */
export interface ImageFiles {
  readonly path: string;
  readonly kind: 'directory' | 'archive';
  has(name: string): boolean;
  /** Bytes; undefined where there is no such file. */
  size(name: string): number | undefined;
  /** Where a file's content is on this machine; undefined where there is no such file. */
  place(name: string): MemberPlace | undefined;
  read(name: string): AsyncIterable<Uint8Array>;
}

export interface MemberPlace {
  /** Absolute: the archive, or the file itself. */
  readonly path: string;
  /** Bytes from the beginning of that file. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** Documents of images have a few KB; registries refuse larger ones than this. Bytes. */
const maximumDocument = 4 * 1024 * 1024;

/**
 * @throws AnyarchError ANYARCH_FILE where there is nothing to read, ANYARCH_IMAGE_INVALID for what is no archive
 */
export async function openImageFiles(path: string): Promise<ImageFiles> {
  const status = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return status.isDirectory() ? openDirectory(path) : await openArchive(path);
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID when it is missing or too long */
export async function readText(files: ImageFiles, name: string): Promise<string> {
  const size = files.size(name);
  if (size === undefined) throw invalid(files.path, `it has no ${name}`);
  if (size > maximumDocument) throw invalid(files.path, `${name} has ${size} bytes, too many for a document`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of files.read(name)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A document of a layout, verified. @throws AnyarchError ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH */
export async function documentText(
  files: ImageFiles,
  { digest }: Pick<Descriptor, 'digest'>,
): Promise<string> {
  const text = await readText(files, blobPath(digest));
  const actual = digestOfHex(createHash('sha256').update(text).digest('hex'));
  if (actual === digest) return text;
  throw new AnyarchError('ANYARCH_DIGEST_MISMATCH', `${digest} has the content of ${actual}`, {
    hint: `${files.path} is damaged: make it again`,
    details: { path: files.path, digest, actual },
  });
}

/** Only what a layout has: other files of the directory are not looked at, and links are not followed. */
function openDirectory(path: string): ImageFiles {
  const blobs = new RegExp(`^${layoutFiles.blobs}/[0-9a-f]{64}$`);
  const place = (name: string): MemberPlace | undefined => {
    if (name !== layoutFiles.marker && name !== layoutFiles.index && !blobs.test(name)) return undefined;
    for (let above = posix.dirname(name); above !== '.'; above = posix.dirname(above))
      requireNoLink(path, above);
    const status = requireNoLink(path, name);
    return status?.isFile() === true
      ? { path: resolve(path, name), offset: 0, size: status.size }
      : undefined;
  };
  return {
    path,
    kind: 'directory',
    has: (name) => place(name) !== undefined,
    size: (name) => place(name)?.size,
    place,
    read: (name) => contentOf(path, name, place(name)),
  };
}

/** A layout is a directory that can be copied as it is: what is read must not be another file of this machine. */
function requireNoLink(path: string, name: string) {
  const status = lstatSync(join(path, name), { throwIfNoEntry: false });
  if (status?.isSymbolicLink() === true)
    throw invalid(path, `${quote(name, 200)} is a symbolic link; cp -rL copies what links lead to`);
  return status;
}

async function openArchive(path: string): Promise<ImageFiles> {
  const { places, links } = await listMembers(path);
  const place = (name: string) => places.get(name) ?? places.get(links.get(name) ?? '');
  return {
    path,
    kind: 'archive',
    has: (name) => place(name) !== undefined,
    size: (name) => place(name)?.size,
    place,
    read: (name) => contentOf(path, name, place(name)),
  };
}

async function listMembers(
  path: string,
): Promise<{ places: Map<string, MemberPlace>; links: Map<string, string> }> {
  const absolute = resolve(path);
  const places = new Map<string, MemberPlace>();
  // Layers that two images share are links in some of docker's archives.
  const links = new Map<string, string>();
  const once = (name: string) => {
    // Of two members with one name readers take different ones.
    if (places.has(name) || links.has(name)) throw invalid(path, `it has ${quote(name, 200)} twice`);
  };
  const handle = await openArchiveFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  // Directories need no reader of archives, which takes a while to load.
  const { tarMembers } = await import('./tar-members.ts');
  try {
    for await (const { header, start, size } of tarMembers(handle)) {
      const { type, linkname } = header;
      const name = posix.normalize(header.name);
      if (type === 'file' || type === 'symlink' || type === 'link') once(name);
      if (type === 'file') places.set(name, { path: absolute, offset: start, size });
      if (type === 'symlink') links.set(name, posix.join(posix.dirname(name), linkname));
      if (type === 'link') links.set(name, posix.normalize(linkname));
    }
  } catch (error) {
    if (error instanceof AnyarchError) throw error;
    if (error instanceof Error && 'syscall' in error) throw unreadable(path, error);
    throw invalid(path, await whyNoArchive(path, places.size > 0), error);
  } finally {
    await handle.close();
  }
  return { places, links };
}

async function* contentOf(
  path: string,
  name: string,
  place: MemberPlace | undefined,
): AsyncGenerator<Uint8Array> {
  if (place === undefined) throw invalid(path, `it has no ${quote(name)}`);
  // The archive itself may be a link: its name is the user's.
  const handle = await (
    path === place.path || place.offset > 0 ? openArchiveFile(place.path) : openBlob(place.path)
  ).catch((error: unknown) => {
    throw error instanceof UnfitFile
      ? invalid(path, `${quote(name, 200)}: ${error.message}`, error)
      : unreadable(place.path, error);
  });
  try {
    yield* readPieces(handle, place.offset, place.offset + place.size);
  } finally {
    await handle.close();
  }
}

function unreadable(path: string, cause: unknown): AnyarchError {
  if (cause instanceof UnfitFile && cause.errno === undefined)
    return invalid(path, 'it is neither a directory nor a regular file', cause);
  const code = (cause instanceof UnfitFile ? cause.errno : errnoOf(cause)) ?? 'unknown';
  return new AnyarchError('ANYARCH_FILE', `${path} cannot be read (${code})`, {
    hint: 'name an image layout or an archive: anyarch image inspect PATH',
    cause,
  });
}
