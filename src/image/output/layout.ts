import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { annotationKeys } from '../../core/oci/annotations.ts';
import { formatCanonicalJson, type Json } from '../../core/oci/canonical-json.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { blobPath } from '../../core/oci/digest.ts';
import { layoutFiles, layoutMarker } from '../../core/oci/layout.ts';
import type { Index } from '../../core/oci/manifest.ts';
import { mediaTypes } from '../../core/oci/media-types.ts';
import { syncDirectory } from '../../host/node/durable-writing.ts';
import { makeDirectories } from '../../host/node/make-directories.ts';
import type { Blob } from '../blob.ts';
import type { TarMember } from '../layers/tar.ts';
import { readBlob } from './read-blob.ts';

/** Everything that a layout holds. */
export interface LayoutContent {
  readonly blobs: readonly Blob[];
  readonly tags: readonly TaggedDescriptor[];
  /** Without a tag: referrers. */
  readonly others: readonly Descriptor[];
}

export interface TaggedDescriptor {
  readonly tag: string;
  readonly descriptor: Descriptor;
}

/** The key by which containerd imports images under their whole names. */
const containerdName = 'io.containerd.image.name';

/** @param name repository, as `docker.io/library/anyarch` */
export function layoutIndex({ tags, others }: LayoutContent, name: string): Index {
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [
      ...tags.map(({ tag, descriptor }) => ({
        ...descriptor,
        annotations: {
          ...descriptor.annotations,
          [annotationKeys.refName]: tag,
          [containerdName]: `${name}:${tag}`,
        },
      })),
      ...others,
    ],
  };
}

export async function writeLayout(
  directory: string,
  content: LayoutContent,
  index: Index,
  signal: AbortSignal | undefined,
): Promise<void> {
  const blobs = join(directory, layoutFiles.blobs);
  makeDirectories(blobs);
  // All is on the disk before the layout gets its name.
  const written = { flag: 'wx', flush: true } as const;
  for (const blob of content.blobs)
    await writeFile(join(directory, blobPath(blob.digest)), readBlob(blob, signal), written);
  await writeFile(join(directory, layoutFiles.index), formatCanonicalJson(index as unknown as Json), written);
  // What makes a directory a layout comes last.
  await writeFile(join(directory, layoutFiles.marker), layoutMarker, written);
  for (const path of [blobs, dirname(blobs), directory]) syncDirectory(path);
}

/** The same as members of an archive, in one order for everybody. */
export function layoutMembers(
  content: LayoutContent,
  index: Index,
  signal: AbortSignal | undefined,
): TarMember[] {
  const small = (name: string, text: string): TarMember => ({
    header: { name, type: 'file', mode: 0o644, size: Buffer.byteLength(text) },
    content: () => [Buffer.from(text)],
  });
  const blobs = [...content.blobs].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  return [
    small(layoutFiles.marker, layoutMarker),
    small(layoutFiles.index, formatCanonicalJson(index as unknown as Json)),
    ...['blobs/', `${layoutFiles.blobs}/`].map((name): TarMember => ({
      header: { name, type: 'directory', mode: 0o755 },
    })),
    ...blobs.map((blob): TarMember => ({
      header: { name: blobPath(blob.digest), type: 'file', mode: 0o644, size: blob.size },
      content: () => readBlob(blob, signal),
    })),
  ];
}
