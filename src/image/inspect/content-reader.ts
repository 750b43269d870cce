import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { CheckedContent } from './check-content.ts';

/** Where what an index refers to is read from: a layout on disk, or a registry. */
export interface ContentReader {
  /**
   * A document, verified.
   *
   * @throws AnyarchError ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH, and what reading throws
   */
  document(descriptor: Descriptor): Promise<string>;
  /**
   * Reads a layer and says what it really is. Undefined: too far away, it is not looked at.
   *
   * @throws AnyarchError ANYARCH_IMAGE_INVALID where there is none
   */
  layer(descriptor: Descriptor): Promise<CheckedContent | undefined>;
}
