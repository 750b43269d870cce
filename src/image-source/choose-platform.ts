import { AnyarchError } from '../core/error.ts';
import { formatImagePlatform, type ImagePlatform } from '../core/oci/image-platform.ts';

/** What the image is to run on. */
export interface WantedPlatform {
  /** What the user has named. */
  readonly named: ImagePlatform | undefined;
  /** This machine's. */
  readonly own: ImagePlatform;
}

/** Something to choose from. */
export interface PlatformCandidate {
  readonly platform: ImagePlatform;
  /** The platform is what the image's own configuration says, which often leaves the variant out. */
  readonly isOwnWord: boolean;
}

/**
 * The best of several: for the named platform, else for this machine's own, else the only one for Linux.
 *
 * @param place names the image in messages
 * @throws AnyarchError ANYARCH_PLATFORM_NOT_FOUND, which lists what there is
 */
export function chooseByPlatform<T extends PlatformCandidate>(
  candidates: readonly T[],
  { named, own }: WantedPlatform,
  place: string,
): T {
  const wanted = named ?? own;
  const best = bestOf(candidates, wanted);
  if (best !== undefined) return best;
  const [only, ...others] = candidates.filter(({ platform }) => platform.os === 'linux');
  if (named === undefined && only !== undefined && others.length === 0) return only;
  const known = [...new Set(candidates.map(({ platform }) => formatImagePlatform(platform)))];
  const text = formatImagePlatform(wanted);
  throw new AnyarchError('ANYARCH_PLATFORM_NOT_FOUND', `${place} has no image for ${text}`, {
    hint:
      known.length === 0
        ? 'it has no image at all'
        : `it has ${known.join(', ')}${only === undefined ? '' : '; choose one with -a'}`,
    details: { platform: text, platforms: known.join(' ') },
  });
}

/** The platforms whose programs run where this one is wanted, the best first, as containerd has it (platforms/compare.go). */
export function acceptablePlatforms({ os, architecture, variant }: ImagePlatform): ImagePlatform[] {
  const usual = usualVariants[architecture];
  const number = /^v(\d)$/.exec(variant ?? usual ?? '')?.[1];
  const lowest = { arm: 5, amd64: 1 }[architecture];
  if (number === undefined || lowest === undefined)
    return [{ os, architecture, ...(variant === undefined ? {} : { variant }) }];
  const numbers = Array.from({ length: Number(number) - lowest + 1 }, (_, index) => Number(number) - index);
  return numbers.map((one) => ({ os, architecture, variant: `v${one}` }));
}

function bestOf<T extends PlatformCandidate>(candidates: readonly T[], wanted: ImagePlatform): T | undefined {
  for (const acceptable of acceptablePlatforms(wanted)) {
    const found = candidates.find(({ platform }) => isSame(platform, acceptable));
    if (found !== undefined) return found;
  }
  return candidates.find(
    ({ platform, isOwnWord }) =>
      isOwnWord &&
      platform.variant === undefined &&
      platform.os === wanted.os &&
      platform.architecture === wanted.architecture,
  );
}

/** The variant that an architecture has where none is named. */
const usualVariants: Readonly<Record<string, string>> = { arm64: 'v8', amd64: 'v1', arm: 'v7' };

function isSame(a: ImagePlatform, b: ImagePlatform): boolean {
  const variant = (one: ImagePlatform) => one.variant ?? usualVariants[one.architecture];
  return a.os === b.os && a.architecture === b.architecture && variant(a) === variant(b);
}
