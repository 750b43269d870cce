import { AnyarchError } from '../core/error.ts';
import type { System } from './host.ts';

/**
 * Where downloads are kept; all of it can be deleted at any time. `$ANYARCH_HOME/cache`, else
 * `$XDG_CACHE_HOME/anyarch` or `~/.cache/anyarch`, and `/var/cache/anyarch` for a root without a home.
 *
 * @throws AnyarchError ANYARCH_FILE when the environment names no directory.
 */
export function cacheDirectory({ uid, environment }: Pick<System, 'uid' | 'environment'>): string {
  const { ANYARCH_HOME: chosen, XDG_CACHE_HOME: cache, HOME: home } = environment;
  if (chosen !== undefined && chosen !== '') return `${chosen}/cache`;
  // The XDG base directory specification: relative paths are invalid and ignored.
  if (cache?.startsWith('/') === true) return `${cache}/anyarch`;
  if (home?.startsWith('/') === true) return `${home}/.cache/anyarch`;
  if (uid === 0) return '/var/cache/anyarch';
  throw new AnyarchError(
    'ANYARCH_FILE',
    'neither ANYARCH_HOME nor XDG_CACHE_HOME nor HOME names an absolute directory',
    {
      hint: 'set ANYARCH_HOME to a directory of yours',
    },
  );
}
