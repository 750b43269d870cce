import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { ImageConfig } from '../../core/oci/image-config.ts';
import type { CheckedContent } from './check-content.ts';
import type { InspectedLayer } from './inspection.ts';

/** A layer as its manifest names it, and as it was found. */
export interface CheckedLayer {
  readonly descriptor: Descriptor;
  readonly content: CheckedContent | undefined;
}

/** Compares layers with what their manifest and their image's configuration say. */
export function describeLayers(
  { rootfs, history = [] }: Pick<ImageConfig, 'rootfs' | 'history'>,
  layers: readonly CheckedLayer[],
  problems: string[],
): InspectedLayer[] {
  const steps = history.filter(({ empty_layer }) => empty_layer !== true);
  if (rootfs.diff_ids.length !== layers.length)
    problems.push(`the configuration names ${rootfs.diff_ids.length} layers, the manifest ${layers.length}`);
  return layers.map(({ descriptor, content }, position) => {
    const { digest, mediaType, size } = descriptor;
    const diffId = rootfs.diff_ids[position];
    if (content !== undefined) problems.push(...problemsOf(descriptor, content, diffId));
    const unpacked = content?.unpacked;
    return {
      digest,
      mediaType,
      size,
      unpackedSize: unpacked !== undefined && 'size' in unpacked ? unpacked.size : undefined,
      diffId,
      createdBy: steps[position]?.created_by,
    };
  });
}

function problemsOf(
  { digest, size }: Descriptor,
  content: CheckedContent,
  diffId: string | undefined,
): string[] {
  if (content.digest !== digest) return [`${digest} has the content of ${content.digest}`];
  if (content.size !== size) return [`${digest} has ${content.size} bytes, not ${size}`];
  const { unpacked } = content;
  if (unpacked === undefined) return [];
  if ('problem' in unpacked) return [`${digest} does not unpack: ${unpacked.problem}`];
  if (diffId === undefined || unpacked.digest === diffId) return [];
  return [`${digest} unpacks to ${unpacked.digest}, and the configuration says ${diffId}`];
}
