import { AnyarchError } from '../core/error.ts';
import { parseReference, withDefaultTag } from '../core/oci/reference.ts';
import type { Platform } from '../core/platform.ts';

/**
 * `app:1` as it is given to engines: with its tag.
 *
 * @throws AnyarchError ANYARCH_REFERENCE_INVALID, ANYARCH_USAGE for a digest, which no image can be given
 */
export function imageNameOf(text: string): string {
  const { tag, digest } = withDefaultTag(parseReference(text));
  if (digest !== undefined)
    throw new AnyarchError(
      'ANYARCH_USAGE',
      `--tag: ${text} names a digest, which follows from what is built`,
      {
        hint: 'name a tag: -t NAME:TAG',
      },
    );
  return parseReference(text).tag === undefined ? `${text}:${tag ?? 'latest'}` : text;
}

export function tagOf(name: string): string {
  return withDefaultTag(parseReference(name)).tag ?? 'latest';
}

/** `app:1-arm64`, `app:1-arm-v7`: one platform's image, where no name can stand for several. */
export function platformName(name: string, { architecture, variant }: Platform): string {
  return `${name}-${architecture}${variant === undefined ? '' : `-${variant}`}`;
}

/** @throws AnyarchError ANYARCH_USAGE where two platforms would get the same one */
export function requireDistinct(names: readonly string[]): void {
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (twice === undefined) return;
  throw new AnyarchError('ANYARCH_USAGE', `${twice} would name two images`, { hint: 'name each tag once' });
}
