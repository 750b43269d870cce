import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { AnyarchError } from '../../core/error.ts';
import { digestOfHex } from '../../core/oci/digest.ts';
import type { ContainerConfig, ImageConfig } from '../../core/oci/image-config.ts';
import type { ImagePlatform } from '../../core/oci/image-platform.ts';
import type { Manifest } from '../../core/oci/manifest.ts';
import { layerMediaType, mediaTypes } from '../../core/oci/media-types.ts';
import { parseReference } from '../../core/oci/reference.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import { documentBlob, type Blob } from '../blob.ts';
import type { OutputFormat } from '../build-options.ts';
import { packings } from '../layers/compression.ts';
import { openCompressor } from '../layers/compressor.ts';
import { dockerMembers } from './docker-archive.ts';
import { layoutIndex, layoutMembers, writeLayout } from './layout.ts';
import { requireFree, writeOutput } from './output-place.ts';
import { kindOf, writeArchive } from './write-images.ts';

export interface SingleImage {
  /** A tar, which is left where it is. */
  readonly archive: string;
  readonly platform: ImagePlatform;
  readonly config: ContainerConfig;
  /** RFC 3339. */
  readonly created: string;
  /** Of the layer, in the image's history. */
  readonly createdBy: string;
  /** `localhost/system:latest`; without a tag it is `latest`. */
  readonly name: string;
}

export interface SingleOutput {
  readonly output: string;
  readonly format: OutputFormat;
  readonly compression: 'gzip' | 'none';
  /** A file that is not there yet, for the packed layer. */
  readonly temporary: string;
  readonly signal?: AbortSignal | undefined;
}

/** What has been written. */
export interface WrittenSingle {
  /** Of the manifest. */
  readonly digest: string;
  /** Bytes of the layer, packed. */
  readonly layerSize: number;
}

/** @throws AnyarchError ANYARCH_REFERENCE_INVALID, ANYARCH_USAGE, ANYARCH_OUTPUT_EXISTS: what can be known before the work */
export async function checkSingle(
  name: string,
  { output, format }: Pick<SingleOutput, 'output' | 'format'>,
): Promise<void> {
  namesOf(name);
  await requireFree(output, kindOf(format));
}

/**
 * Writes an image of one layer.
 *
 * @throws AnyarchError as `checkSingle`, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE, ANYARCH_CANCELLED
 */
export async function writeSingleImage(
  image: SingleImage,
  { output, format, compression, temporary, signal }: SingleOutput,
): Promise<WrittenSingle> {
  const { repository, tag } = namesOf(image.name);
  const packing = packings[compression];
  const compressor = openCompressor(packing);
  try {
    const diffId = digestOfHex(await sha256Of(image.archive, signal));
    const packed = await compressor.compress({ input: image.archive, output: temporary, packing });
    const layer: Blob = { ...packed, content: { file: temporary } };
    const configuration: ImageConfig = {
      ...image.platform,
      created: image.created,
      config: image.config,
      rootfs: { type: 'layers', diff_ids: [diffId] },
      history: [{ created: image.created, created_by: image.createdBy }],
    };
    const config = documentBlob(mediaTypes.config, configuration);
    const manifest: Manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: config.descriptor,
      layers: [{ mediaType: layerMediaType(compression), digest: packed.digest, size: packed.size }],
    };
    const { blob, descriptor } = documentBlob(mediaTypes.manifest, manifest);
    const named = { tag, descriptor: { ...descriptor, platform: image.platform } };
    const content = { blobs: [config.blob, blob, layer], tags: [named], others: [] };
    const index = layoutIndex(content, repository);
    await writeOutput(output, kindOf(format), async (place) => {
      if (format === 'oci') await writeLayout(place, content, index, signal);
      else if (format === 'oci-archive') await writeArchive(place, layoutMembers(content, index, signal));
      else {
        const parts = { config: config.blob, layers: [{ digest: packed.digest }] };
        const ending = compression === 'none' ? '.tar' : '.tar.gz';
        const members = dockerMembers(
          [{ names: [`${repository}:${tag}`], image: parts }],
          [layer],
          ending,
          signal,
        );
        await writeArchive(place, members);
      }
    });
    return { digest: descriptor.digest, layerSize: packed.size };
  } finally {
    await compressor.close();
    await rm(temporary, { force: true });
  }
}

function namesOf(name: string): { readonly repository: string; readonly tag: string } {
  const { tag = 'latest', digest } = parseReference(name);
  if (digest !== undefined)
    throw new AnyarchError(
      'ANYARCH_USAGE',
      `--name ${name} has a digest, which only comes out of the image`,
      {
        hint: 'leave out what is behind the @',
      },
    );
  const repository = name.replace(/:[^:/]*$/, '');
  return { repository, tag };
}

async function sha256Of(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    throwIfCancelled(signal);
    hash.update(piece);
  }
  return hash.digest('hex');
}
