import { open } from 'node:fs/promises';
import { AnyarchError } from '../../core/error.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { parseReference } from '../../core/oci/reference.ts';
import { quote } from '../../core/text.ts';
import type { BuildOptions, OutputFormat } from '../build-options.ts';
import type { Blob } from '../blob.ts';
import type { BuiltTag } from '../built-tag.ts';
import { tarOf, type TarMember } from '../layers/tar.ts';
import { dockerMembers, type NamedImage } from './docker-archive.ts';
import { layoutIndex, layoutMembers, writeLayout } from './layout.ts';
import { requireFree, writeOutput } from './output-place.ts';

/**
 * What can be known before anything is built.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_REFERENCE_INVALID, ANYARCH_OUTPUT_EXISTS
 */
export async function checkOutput(options: BuildOptions): Promise<void> {
  const { format, platforms, compression, output, name } = options;
  checkName(name);
  if (format === 'docker-archive' && platforms.length !== 1)
    throw usage(
      'a docker-archive holds one platform',
      'name one with --platform linux/amd64, or use --format oci',
    );
  if (format === 'docker-archive' && compression === 'zstd')
    throw usage('docker 20.10 reads no zstd', 'use --compression gzip, or --format oci');
  await requireFree(output, kindOf(format));
}

/** Engines know the images by it, with the tags. */
function checkName(name: string): void {
  const { tag, digest } = parseReference(name);
  if (tag !== undefined || digest !== undefined)
    throw usage(
      `--name ${quote(name, 120)} names one image, and not a repository`,
      'leave out what is behind the name; --tag says which tags are built',
    );
}

/**
 * @param blobs everything that the tags refer to
 * @param others descriptors of what no tag names
 */
export async function writeImages(
  options: BuildOptions,
  tags: readonly BuiltTag[],
  blobs: readonly Blob[],
  others: readonly Descriptor[],
): Promise<void> {
  const { format, name, output, signal } = options;
  const tagged = tags.map(({ tag, descriptor }) => ({ tag: tag.name, descriptor }));
  const content = { blobs, tags: tagged, others };
  await writeOutput(output, kindOf(format), async (temporary) => {
    if (format === 'docker-archive') {
      await writeArchive(temporary, dockerArchive(options, tags, blobs));
      return;
    }
    const index = layoutIndex(content, name);
    if (format === 'oci') await writeLayout(temporary, content, index, signal);
    else await writeArchive(temporary, layoutMembers(content, index, signal));
  });
}

function dockerArchive(
  { name, compression, signal }: BuildOptions,
  tags: readonly BuiltTag[],
  blobs: readonly Blob[],
) {
  const byManifest = new Map<string, NamedImage>();
  for (const { tag, images } of tags) {
    for (const image of images) {
      const known = byManifest.get(image.descriptor.digest)?.names ?? [];
      byManifest.set(image.descriptor.digest, { names: [...known, `${name}:${tag.name}`], image });
    }
  }
  const images = [...byManifest.values()];
  const used = new Set(images.flatMap(({ image }) => image.layers.map(({ digest }) => digest)));
  const layers = blobs.filter(({ digest }) => used.has(digest));
  return dockerMembers(images, layers, compression === 'none' ? '.tar' : '.tar.gz', signal);
}

export async function writeArchive(path: string, members: readonly TarMember[]): Promise<void> {
  const handle = await open(path, 'wx', 0o644);
  try {
    for await (const chunk of tarOf(members)) await handle.writeFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function kindOf(format: OutputFormat): 'directory' | 'file' {
  return format === 'oci' ? 'directory' : 'file';
}

function usage(message: string, hint: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', message, { hint });
}
