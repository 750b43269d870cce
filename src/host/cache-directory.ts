import { AnyarchError } from '../core/error.ts';
import { homeDirectory } from './home-directory.ts';
import type { System } from './host.ts';

/**
 * Where downloads are kept; all of it can be deleted at any time. `$ANYARCH_HOME/cache`, else
 * `$XDG_CACHE_HOME/anyarch` or `~/.cache/anyarch`, and `/var/cache/anyarch` for a root without HOME.
 *
 * @throws AnyarchError ANYARCH_FILE when the environment names no directory.
 */
export function cacheDirectory(system: Pick<System, 'uid' | 'environment' | 'home'>): string {
  const { ANYARCH_HOME: chosen, XDG_CACHE_HOME: cache, HOME: named } = system.environment;
  if (chosen !== undefined && chosen !== '') return `${chosen}/cache`;
  // The XDG base directory specification: relative paths are invalid and ignored.
  if (cache?.startsWith('/') === true) return `${cache}/anyarch`;
  if (named?.startsWith('/') !== true && system.uid === 0) return '/var/cache/anyarch';
  const home = homeDirectory(system);
  if (home !== undefined) return `${home}/.cache/anyarch`;
  throw new AnyarchError(
    'ANYARCH_FILE',
    'neither ANYARCH_HOME nor XDG_CACHE_HOME nor HOME names an absolute directory, and this user has no other home',
    {
      hint: 'set ANYARCH_HOME to a directory of yours',
    },
  );
}
