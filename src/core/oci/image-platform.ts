import type { Platform } from '../platform.ts';
import { asFields, optionalTextField, textField } from './fields.ts';

/** What an image runs on, in the words of an index and of an image's configuration. Also other systems than Linux. */
export interface ImagePlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** Of a platform from our table: arm has its variant, arm64 and amd64 none, as containerd normalises them. */
export function imagePlatform({ os, architecture, variant }: Platform): ImagePlatform {
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** `linux/arm/v7` */
export function formatImagePlatform({ os, architecture, variant }: ImagePlatform): string {
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID */
export function readImagePlatform(value: unknown, place: string): ImagePlatform {
  const fields = asFields(value, place);
  const variant = optionalTextField(fields, 'variant');
  return {
    os: textField(fields, 'os'),
    architecture: textField(fields, 'architecture'),
    ...(variant === undefined || variant === '' ? {} : { variant }),
  };
}
