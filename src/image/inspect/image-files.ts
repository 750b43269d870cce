import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { extract, type Extract } from 'tar-stream';
import { pipeline } from 'node:stream/promises';
import { AnyarchError } from '../../core/error.ts';
import { invalid } from '../../core/oci/fields.ts';
import { layoutFiles } from '../../core/oci/layout.ts';
import { quote } from '../../core/text.ts';
import { whyNoArchive } from './why-no-archive.ts';

/** The files of a layout or an archive, by their names in it. */
export interface ImageFiles {
  readonly path: string;
  readonly kind: 'directory' | 'archive';
  has(name: string): boolean;
  /** Bytes; undefined where there is no such file. */
  size(name: string): number | undefined;
  read(name: string): AsyncIterable<Uint8Array>;
}

/** A member's content stands behind its header, whose place is known. Bytes. */
const headerSize = 512;

/** Documents of images have a few KB; registries refuse larger ones than this. Bytes. */
const maximumDocument = 4 * 1024 * 1024;

/**
 * @throws AnyarchError ANYARCH_FILE where there is nothing to read, ANYARCH_IMAGE_INVALID for what is no archive
 */
export async function openImageFiles(path: string): Promise<ImageFiles> {
  const status = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return status.isDirectory() ? await openDirectory(path) : await openArchive(path);
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

/** Only what a layout has: other files of the directory are not looked at. */
async function openDirectory(path: string): Promise<ImageFiles> {
  const sizes = new Map<string, number>();
  const blobs = await readdir(join(path, layoutFiles.blobs)).catch(() => []);
  const names = [
    layoutFiles.marker,
    layoutFiles.index,
    ...blobs.map((name) => `${layoutFiles.blobs}/${name}`),
  ];
  for (const name of names) {
    const status = await stat(join(path, name)).catch(() => undefined);
    if (status?.isFile() === true) sizes.set(name, status.size);
  }
  return {
    path,
    kind: 'directory',
    has: (name) => sizes.has(name),
    size: (name) => sizes.get(name),
    read: (name) => chunksOf(join(path, name)),
  };
}

interface Place {
  /** Of its content in the archive. */
  readonly start: number;
  readonly size: number;
}

async function openArchive(path: string): Promise<ImageFiles> {
  const { places, links } = await listMembers(path);
  const placeOf = (name: string): Place | undefined => places.get(name) ?? places.get(links.get(name) ?? '');
  return {
    path,
    kind: 'archive',
    has: (name) => placeOf(name) !== undefined,
    size: (name) => placeOf(name)?.size,
    read: (name) => {
      const place = placeOf(name);
      if (place === undefined) throw invalid(path, `it has no ${quote(name)}`);
      return place.size === 0 ? noChunks() : chunksOf(path, place);
    },
  };
}

async function listMembers(
  path: string,
): Promise<{ places: Map<string, Place>; links: Map<string, string> }> {
  const places = new Map<string, Place>();
  // Layers that two images share are links in some of docker's archives.
  const links = new Map<string, string>();
  const extractor: Extract = extract();
  const once = (name: string) => {
    // Of two members with one name readers take different ones.
    if (places.has(name) || links.has(name)) throw invalid(path, `it has ${quote(name, 200)} twice`);
  };
  const feeding = pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), extractor);
  feeding.catch(() => undefined);
  try {
    for await (const entry of extractor) {
      const { type, size, linkname } = entry.header;
      const name = posix.normalize(entry.header.name);
      if (type === 'file' || type === 'symlink' || type === 'link') once(name);
      if (type === 'file') places.set(name, { start: entry.offset + headerSize, size });
      if (type === 'symlink') links.set(name, posix.join(posix.dirname(name), linkname));
      if (type === 'link') links.set(name, posix.normalize(linkname));
      entry.resume();
    }
    await feeding;
  } catch (error) {
    if (error instanceof AnyarchError) throw error;
    if (error instanceof Error && 'syscall' in error) throw unreadable(path, error);
    throw invalid(path, await whyNoArchive(path, places.size > 0), error);
  } finally {
    extractor.destroy();
  }
  return { places, links };
}

function chunksOf(path: string, place?: Place): AsyncIterable<Uint8Array> {
  const range = place === undefined ? {} : { start: place.start, end: place.start + place.size - 1 };
  return createReadStream(path, { ...range, highWaterMark: 1 << 18 });
}

// eslint-disable-next-line @typescript-eslint/require-await -- the interface's
async function* noChunks(): AsyncGenerator<Uint8Array> {
  yield* [];
}

function unreadable(path: string, cause: unknown): AnyarchError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new AnyarchError('ANYARCH_FILE', `${path} cannot be read (${code})`, {
    hint: 'name an image layout or an archive: anyarch image inspect PATH',
    cause,
  });
}
