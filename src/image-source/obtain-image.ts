import { AnyarchError } from '../core/error.ts';
import { architectures } from '../core/architecture.ts';
import type { ImageConfig } from '../core/oci/image-config.ts';
import { formatImagePlatform, imagePlatform, type ImagePlatform } from '../core/oci/image-platform.ts';
import { parsePlatform } from '../core/platform.ts';
import type { Host } from '../host/host.ts';
import { storedByReference, storedImage, unpackImage, type StoredImage } from '../image-store/index.ts';
import type { UnpackProgress } from '../image-store/index.ts';
import type { ConnectionOptions } from '../registry/index.ts';
import type { OnProgress } from '../transfer/index.ts';
import { acceptablePlatforms } from './choose-platform.ts';
import type { FoundImage } from './found-image.ts';
import { formatImageName, parseImageName, type ImageName } from './image-name.ts';
import { ownPlatform, sourceOptions } from './source-options.ts';
import { surroundingsOf } from './surroundings.ts';

export interface ObtainOptions {
  /** The state directory, in which unpacked images are. */
  readonly state: string;
  /** What relative paths are relative to. */
  readonly directory: string;
  /** What the user has named, if anything. */
  readonly platform?: ImagePlatform | undefined;
  /** Whether a registry is asked: for what is not unpacked yet (default), each time, or not at all. */
  readonly pull?: 'missing' | 'always' | 'never' | undefined;
  readonly connection?: Pick<ConnectionOptions, 'authfile' | 'insecure' | 'retryMs'>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly onUnpacking?: ((progress: UnpackProgress) => void) | undefined;
}

/** An image that can be run. */
export interface ObtainedImage {
  readonly stored: StoredImage;
  /** What the image is called, the same for all spellings. */
  readonly reference: string;
  readonly platform: ImagePlatform;
  readonly config: ImageConfig;
}

/**
 * The image of any spelling (`parseImageName`), unpacked: from the store where it is there, else from where it is.
 *
 * @throws AnyarchError ANYARCH_REFERENCE_INVALID, ANYARCH_IMAGE_NOT_FOUND, ANYARCH_PLATFORM_NOT_FOUND,
 *   ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH, ANYARCH_REGISTRY_…, ANYARCH_DISK_FULL …
 */
export async function obtainImage(host: Host, text: string, options: ObtainOptions): Promise<ObtainedImage> {
  const name = parseImageName(text, surroundingsOf(host, options.directory));
  const { pull = 'missing' } = options;
  const reference = formatImageName(name);
  if (name.kind === 'registry' && pull !== 'always') {
    const known = knownImage(host, reference, options, pull === 'never');
    if (known !== undefined) return known;
    if (pull === 'never') throw notUnpacked(reference, options.platform);
  }
  return await obtainFrom(host, name, reference, options);
}

async function obtainFrom(
  host: Host,
  name: ImageName,
  reference: string,
  options: ObtainOptions,
): Promise<ObtainedImage> {
  const source = sourceOptions(host, options);
  if ('engineName' in name) {
    const { askEngine } = await import('./find-in-engine.ts');
    const image = askEngine(host, name, source);
    const stored = storedByReference(host, options.state, image.reference, image.platform);
    if (stored !== undefined) return asObtained(stored, image.reference);
    return await unpack(host, await image.find(), options);
  }
  if ('reference' in name) {
    const { findInRegistry } = await import('./find-in-registry.ts');
    return await unpack(host, await findInRegistry(host, name.reference, source), options);
  }
  const { findInArchive } = await import('./find-in-archive.ts');
  return await unpack(host, await findInArchive(name, reference, source), options);
}

async function unpack(host: Host, found: FoundImage, options: ObtainOptions): Promise<ObtainedImage> {
  const { state, signal, onUnpacking } = options;
  let isDone = false;
  try {
    await found.claim();
    const opened = isStored(host, state, found) ? withoutLayers(found) : await found.open();
    const stored = await unpackImage(host, state, opened, {
      ...(signal === undefined ? {} : { signal }),
      ...(onUnpacking === undefined ? {} : { onProgress: onUnpacking }),
    });
    isDone = true;
    const { reference, platform, config } = found;
    return { stored, reference, platform, config };
  } finally {
    await found.close(isDone);
  }
}

function isStored(host: Host, state: string, found: FoundImage): boolean {
  return storedImage(host, state, withoutLayers(found)) !== undefined;
}

/** For an image whose tree is there: only what it is called is noted. */
function withoutLayers(found: FoundImage) {
  const { reference, digest, platform, config, configText } = found;
  const layers = config.rootfs.diff_ids.map((diffId) => ({ diffId, path: '', offset: 0, size: 0 }));
  return { reference, digest, platform, config, configText, layers };
}

/** What is unpacked under that name for the named platform or this machine's. */
function knownImage(
  host: Host,
  reference: string,
  { state, platform }: ObtainOptions,
  anyPlatform: boolean,
): ObtainedImage | undefined {
  const wanted = acceptablePlatforms(platform ?? ownPlatform(host));
  // Which of several is right is the image's own index to say, if it can be asked.
  const others = anyPlatform && platform === undefined ? allPlatforms() : [];
  for (const one of [...wanted.flatMap(spellings), ...others]) {
    const stored = storedByReference(host, state, reference, one);
    if (stored !== undefined) return asObtained(stored, reference);
  }
  return undefined;
}

/** Images name the variant that an architecture has anyway, or leave it out. */
function spellings(platform: ImagePlatform): ImagePlatform[] {
  const { os, architecture, variant } = platform;
  const isUsual = `${architecture}/${variant ?? ''}`;
  if (['arm64/v8', 'amd64/v1', 'arm/v7'].includes(isUsual)) return [platform, { os, architecture }];
  if (isUsual === 'arm64/') return [platform, { ...platform, variant: 'v8' }];
  return [platform];
}

function allPlatforms(): ImagePlatform[] {
  return architectures.flatMap(({ platforms }) =>
    platforms.flatMap((one) => spellings(imagePlatform(parsePlatform(one)))),
  );
}

function asObtained(stored: StoredImage, reference: string): ObtainedImage {
  const { platform, config } = stored;
  return { stored, reference, platform, config };
}

function notUnpacked(reference: string, platform: ImagePlatform | undefined): AnyarchError {
  const which = platform === undefined ? '' : ` for ${formatImagePlatform(platform)}`;
  return new AnyarchError('ANYARCH_IMAGE_NOT_FOUND', `${reference} is not unpacked here${which}`, {
    hint: 'leave --pull=never out to pull it; anyarch image list shows what is unpacked',
  });
}
