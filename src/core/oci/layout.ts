import { parseDocument, invalid } from './fields.ts';

/** The names in an OCI image layout (image-spec 1.1, image-layout.md). */
export const layoutFiles = { marker: 'oci-layout', index: 'index.json', blobs: 'blobs/sha256' } as const;

/** Content of the file `oci-layout`. */
export const layoutMarker = '{"imageLayoutVersion":"1.0.0"}';

/** @throws AnyarchError ANYARCH_IMAGE_INVALID for another version than 1 */
export function checkLayoutMarker(text: string, place: string): void {
  const version = parseDocument(text, place).values['imageLayoutVersion'];
  if (typeof version !== 'string' || !version.startsWith('1.'))
    throw invalid(place, 'its imageLayoutVersion is not 1');
}
