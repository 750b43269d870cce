import type { Descriptor } from '../core/oci/descriptor.ts';
import type { ImageTag } from './content/tag.ts';
import type { PlatformImage } from './image.ts';

/** A tag of what was built. */
export interface BuiltTag {
  readonly tag: ImageTag;
  /** What the tag names: an index, or the manifest of a tag that is for one platform. */
  readonly descriptor: Descriptor;
  readonly images: readonly PlatformImage[];
}
