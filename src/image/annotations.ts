import { annotationKeys } from '../core/oci/annotations.ts';

/** What is said about all images of a build. */
export interface ImageFacts {
  /** anyarch's. */
  readonly version: string;
  /** Of the sources. */
  readonly revision: string | undefined;
  /** URL of the sources. */
  readonly source: string | undefined;
  /** RFC 3339. */
  readonly created: string;
}

/** Annotations of indices and manifests; an image's configuration has them as labels too. */
export function imageAnnotations({ version, revision, source, created }: ImageFacts): Record<string, string> {
  return {
    [annotationKeys.title]: 'anyarch',
    [annotationKeys.description]:
      'Registers emulators, so that a Linux machine runs programs and containers of any CPU architecture',
    [annotationKeys.version]: version,
    [annotationKeys.licenses]: 'Apache-2.0 AND MIT AND GPL-2.0-or-later',
    [annotationKeys.created]: created,
    ...(revision === undefined ? {} : { [annotationKeys.revision]: revision }),
    ...(source === undefined ? {} : { [annotationKeys.source]: source }),
  };
}

/** @param seconds since the epoch, as SOURCE_DATE_EPOCH has them */
export function createdAt(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
