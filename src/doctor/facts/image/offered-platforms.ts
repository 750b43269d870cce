import { AnyarchError } from '../../../core/error.ts';
import type { ImagePlatform } from '../../../core/oci/image-platform.ts';
import { findImage } from '../../../image-source/index.ts';
import { fact } from '../../examination.ts';

/** Milliseconds; a registry may be far. */
const patienceMs = 5000;

/** Exists nowhere, so that the registry's whole list is told. */
const nowhere = { os: 'linux', architecture: 'none' };

/** The platforms that the image's registry has; undefined where it was not named, does not answer, or is not let be asked. */
export const offeredPlatforms = fact(
  async ({ host, image }): Promise<readonly ImagePlatform[] | undefined> => {
    if (image === undefined || /^(docker-daemon|containers-storage):/.test(image)) return undefined;
    try {
      const found = await findImage(host, image, {
        directory: '/',
        platform: nowhere,
        signal: AbortSignal.timeout(patienceMs),
        connection: { insecure: /^(127\.0\.0\.1|localhost)[:/]/.test(image) },
      });
      await found.close(true);
      return undefined;
    } catch (error) {
      if (!(error instanceof AnyarchError)) throw error;
      const { platforms } = error.details;
      return error.code === 'ANYARCH_PLATFORM_NOT_FOUND' && typeof platforms === 'string'
        ? platforms.split(' ').flatMap(readPlatform)
        : undefined;
    }
  },
);

function readPlatform(text: string): ImagePlatform[] {
  const [os, architecture, variant] = text.split('/');
  if (os === undefined || architecture === undefined) return [];
  return [{ os, architecture, ...(variant === undefined ? {} : { variant }) }];
}
