import { AnyarchError } from '../../core/error.ts';
import { damaged } from '../tar/damaged.ts';
import { shown } from './bytes-path.ts';

/** Components; real images stay below 40. */
const mostDepth = 256;
/** PATH_MAX without its NUL (include/uapi/linux/limits.h). */
const mostBytes = 4095;

/**
 * The components of a member's name, as the engines clean it: `./a//b/` is a, b, and a leading slash means nothing.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID for one that leads out of the tree, ANYARCH_IMAGE_LIMIT
 */
export function componentsOf(path: string): string[] {
  if (path.length > mostBytes) throw tooLong(path);
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined)
      throw damaged(`has a member ${shown(path)}, which leads out of the image`);
  }
  if (parts.length > mostDepth) throw tooLong(path);
  return parts;
}

export function tooLong(path: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_IMAGE_LIMIT',
    `a path in the image is too long or too deep: ${shown(path)}`,
    {
      hint: `no more than ${mostBytes} bytes, 255 in each name, and ${mostDepth} directories are taken`,
    },
  );
}

const prefix = '.wh.';
const reserved = '.wh..wh.';

/** What a member stands for by its name (OCI image-spec 1.1, layer.md, "Whiteouts"). */
export type NameMeaning =
  | { readonly kind: 'member' }
  /** Hides what lower layers have under the name. */
  | { readonly kind: 'whiteout'; readonly name: string }
  /** Hides all that lower layers have in the directory. */
  | { readonly kind: 'opaque' }
  /** AUFS kept its own notes under such names; the engines pass them over. */
  | { readonly kind: 'ignored' };

/** @throws AnyarchError ANYARCH_IMAGE_INVALID for whiteouts of nothing, and for members below one */
export function meaningOf(parts: readonly string[]): NameMeaning {
  const last = parts.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const part = parts[index] ?? '';
    if (!part.startsWith(prefix)) continue;
    if (index === last && part === `${reserved}.opq`) return { kind: 'opaque' };
    if (part.startsWith(reserved)) return { kind: 'ignored' };
    const name = part.slice(prefix.length);
    if (index !== last || name === '' || name === '.' || name === '..')
      throw damaged(`has a whiteout of nothing: ${shown(parts.join('/'))}`);
    return { kind: 'whiteout', name };
  }
  return { kind: 'member' };
}
