import { annotationKeys } from '../../core/oci/annotations.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { Manifest } from '../../core/oci/manifest.ts';
import { mediaTypes } from '../../core/oci/media-types.ts';
import type { ImageFacts } from '../annotations.ts';
import { documentBlob, type Blob } from '../blob.ts';
import type { PlatformImage } from '../image.ts';
import type { Packing } from '../layers/compression.ts';
import { provenance } from './provenance.ts';
import { softwareBill } from './sbom.ts';

/** Manifests that say something about an image, with what they consist of. */
export interface Referrers {
  readonly blobs: readonly Blob[];
  /** For the layout's index; each has an `artifactType`. */
  readonly descriptors: readonly Descriptor[];
}

/** The bill of materials and the provenance of an image, as artifacts whose `subject` it is (image-spec 1.1). */
export function referrersOf(image: PlatformImage, facts: ImageFacts, packing: Packing): Referrers {
  const artifacts = [
    artifact(image, facts, mediaTypes.cycloneDx, softwareBill(image, facts)),
    artifact(image, facts, mediaTypes.inToto, provenance(image, facts, packing)),
  ];
  return {
    blobs: artifacts.flatMap(({ blobs }) => blobs),
    descriptors: artifacts.map(({ descriptor }) => descriptor),
  };
}

function artifact(image: PlatformImage, { created }: ImageFacts, artifactType: string, document: object) {
  const empty = documentBlob(mediaTypes.empty, {});
  const content = documentBlob(artifactType, document);
  const annotations = { [annotationKeys.created]: created };
  const { mediaType, digest, size } = image.descriptor;
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType,
    config: empty.descriptor,
    layers: [content.descriptor],
    subject: { mediaType, digest, size },
    annotations,
  };
  const { blob, descriptor } = documentBlob(mediaTypes.manifest, manifest);
  return {
    blobs: [empty.blob, content.blob, blob],
    descriptor: { ...descriptor, artifactType, annotations },
  };
}
