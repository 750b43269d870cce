import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AnyarchError } from '../core/error.ts';
import { invalid } from '../core/oci/fields.ts';
import { layoutFiles } from '../core/oci/layout.ts';
import { fileFailure } from '../host/file-failure.ts';
import { openImageFiles, packerOf } from '../image-files/index.ts';
import { throwIfCancelled } from '../transfer/index.ts';
import { findInDockerArchive, isDockerArchive } from './find-in-docker-archive.ts';
import { findInLayout, isLayout } from './find-in-layout.ts';
import type { FoundImage, SourceOptions } from './found-image.ts';
import { elsewhere, makeWorkDirectory } from './work-directory.ts';

/** What an archive may unpack to; images of a few GB exist. Bytes. */
const maximumUnpacked = 64 * 2 ** 30;

export interface ArchiveName {
  /** `path`: whichever of the others it is. */
  readonly kind: 'oci' | 'oci-archive' | 'docker-archive' | 'path';
  readonly path: string;
  readonly part: string | undefined;
}

/**
 * An image in a layout's directory or in an archive, which may be packed with gzip as a whole.
 *
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_IMAGE_INVALID, ANYARCH_IMAGE_NOT_FOUND, ANYARCH_PLATFORM_NOT_FOUND …
 */
export async function findInArchive(
  { kind, path, part }: ArchiveName,
  reference: string,
  options: SourceOptions,
): Promise<FoundImage> {
  const unpacked = await unpackedArchive(path, options);
  try {
    const files = await openImageFiles(unpacked?.path ?? path);
    const found =
      isLayout(files) && kind !== 'docker-archive'
        ? await findInLayout(files, part, reference, options)
        : isDockerArchive(files) && kind !== 'oci' && kind !== 'oci-archive'
          ? await findInDockerArchive(files, part, reference, options)
          : undefined;
    if (found === undefined) throw invalid(path, whatIsMissing(kind));
    return unpacked === undefined ? found : { ...found, close: () => unpacked.remove() };
  } catch (error) {
    await unpacked?.remove();
    throw error;
  }
}

function whatIsMissing(kind: ArchiveName['kind']): string {
  const { marker, index } = layoutFiles;
  if (kind === 'docker-archive') return 'it has no manifest.json, as docker save writes it';
  const layout = `${marker} and ${index}, as an image layout has them`;
  return kind === 'path' ? `it has neither ${layout}, nor manifest.json` : `it has not both ${layout}`;
}

/** Undefined for what is not packed. */
async function unpackedArchive(
  path: string,
  { workDirectory, signal }: SourceOptions,
): Promise<{ readonly path: string; remove(): Promise<void> } | undefined> {
  // What is wrong with the path is said when it is opened.
  const packer = await packerOf(path).catch(() => undefined);
  if (packer !== 'gzip') return undefined;
  const directory = await makeWorkDirectory(workDirectory);
  const target = join(directory, 'archive.tar');
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await gunzip(path, target, signal);
    return { path: target, remove };
  } catch (error) {
    await remove();
    throwIfCancelled(signal);
    throw error instanceof AnyarchError ? error : asFailure(error, path, target);
  }
}

async function gunzip(path: string, target: string, signal: AbortSignal | undefined): Promise<void> {
  let size = 0;
  const bounded = new Transform({
    transform: (chunk: Uint8Array, _, done) => {
      size += chunk.length;
      if (size > maximumUnpacked) done(invalid(path, `it unpacks to more than ${maximumUnpacked} bytes`));
      else done(null, chunk);
    },
  });
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 18 }),
    createGunzip(),
    bounded,
    createWriteStream(target, { flags: 'wx', mode: 0o600 }),
    signal === undefined ? {} : { signal },
  );
}

function asFailure(error: unknown, path: string, target: string): unknown {
  const isGzip = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
  if (isGzip) return invalid(path, 'it is packed with gzip and damaged', error);
  return fileFailure(error, target, elsewhere);
}
