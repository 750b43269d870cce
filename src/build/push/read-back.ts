import { AnyarchError } from '../../core/error.ts';
import { formatImagePlatform, type ImagePlatform } from '../../core/oci/image-platform.ts';
import type { Digest } from '../../core/oci/digest.ts';
import { parseImageConfig } from '../../core/oci/image-config.ts';
import { parseIndex, parseManifest } from '../../core/oci/manifest.ts';
import { isIndexType } from '../../core/oci/media-types.ts';
import { formatReference, type Reference } from '../../core/oci/reference.ts';
import { formatPlatform, type Platform } from '../../core/platform.ts';
import { openRemoteImage, type ConnectionOptions, type RegistryHost } from '../../registry/index.ts';
import { isOfPlatform } from '../engines/inspect-image.ts';
import type { PushedIndex } from '../report.ts';

/** What was pushed. */
export interface Expected {
  readonly platforms: readonly Platform[];
  /** Of what the name stands for: the index, or one platform's manifest. */
  readonly digest: Digest;
}

/**
 * Reads what a registry has under a name now, with each platform's manifest and configuration.
 *
 * @throws AnyarchError ANYARCH_REGISTRY_FAILED where it is not what was pushed, or a platform is missing;
 *   ANYARCH_REGISTRY_…
 */
export async function readBack(
  host: RegistryHost,
  reference: Reference,
  { platforms, digest }: Expected,
  options: Pick<ConnectionOptions, 'authfile' | 'insecure' | 'signal'>,
): Promise<PushedIndex> {
  const name = formatReference(reference);
  const remote = await openRemoteImage(host, reference, { ...options, referrers: false });
  try {
    const [root] = remote.index.manifests;
    if (root === undefined) throw missing(name, platforms);
    if (root.digest !== digest) throw other(name, digest, root.digest);
    const entries = isIndexType(root.mediaType)
      ? parseIndex(await remote.document(root), name).manifests
      : [root];
    const found: ImagePlatform[] = [];
    for (const entry of entries) {
      const { config } = parseManifest(await remote.document(entry), name);
      const { os, architecture, variant } = parseImageConfig(await remote.document(config), name);
      found.push(entry.platform ?? { os, architecture, ...(variant === undefined ? {} : { variant }) });
    }
    const lacking = platforms.filter((platform) => !found.some((one) => isOfPlatform(one, platform)));
    if (lacking.length > 0) throw missing(name, lacking);
    return { reference: name, digest: root.digest, platforms: found.map(formatImagePlatform) };
  } finally {
    await remote.close();
  }
}

function other(name: string, pushed: Digest, found: Digest): AnyarchError {
  const message = `the registry has ${found} under ${name}, and ${pushed} was pushed`;
  return new AnyarchError('ANYARCH_REGISTRY_FAILED', message, {
    hint: 'somebody else may have pushed the same tag meanwhile: look at it, and push again',
    details: { reference: name, pushed, found },
  });
}

function missing(name: string, platforms: readonly Platform[]): AnyarchError {
  const names = platforms.map(formatPlatform);
  return new AnyarchError('ANYARCH_REGISTRY_FAILED', `the registry has ${name} without ${names.join(', ')}`, {
    hint: 'somebody else may have pushed the same tag meanwhile: push again',
    details: { reference: name, platforms: names },
  });
}
