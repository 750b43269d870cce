import { isDigest, type Digest } from './digest.ts';
import { asFields, countField, invalid, optionalTextField, textField, textMapField } from './fields.ts';
import { readImagePlatform, type ImagePlatform } from './image-platform.ts';

/** A reference to content by its digest (image-spec 1.1, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform?: ImagePlatform;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

/**
 * Checks a descriptor of a document; fields that anyarch does not know are left out.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID
 */
export function readDescriptor(value: unknown, place: string): Descriptor {
  const fields = asFields(value, place);
  const digest = textField(fields, 'digest');
  if (!isDigest(digest)) throw invalid(place, 'its digest is no SHA-256');
  const platform = fields.values['platform'];
  const annotations = textMapField(fields, 'annotations');
  const artifactType = optionalTextField(fields, 'artifactType');
  return {
    mediaType: textField(fields, 'mediaType'),
    digest,
    size: countField(fields, 'size'),
    ...(platform === undefined || platform === null
      ? {}
      : { platform: readImagePlatform(platform, `${place}: platform`) }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}
