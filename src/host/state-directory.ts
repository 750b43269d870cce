import { AnyarchError } from '../core/error.ts';
import { homeDirectory } from './home-directory.ts';
import type { System } from './host.ts';

/** Where root keeps what anyarch has fetched and recorded; other users read the emulators there too. */
export const systemStateDirectory = '/var/lib/anyarch';

/**
 * Where what must survive is kept: `$ANYARCH_HOME`, `/var/lib/anyarch` for root, else `$XDG_DATA_HOME/anyarch`
 * or `~/.local/share/anyarch`, also for a user who is root of a namespace only. Without HOME the home directory is the user database's.
 *
 * @throws AnyarchError ANYARCH_FILE when the environment names no directory.
 */
export function stateDirectory(
  system: Pick<System, 'uid' | 'isForeignRoot' | 'environment' | 'home'>,
): string {
  const { ANYARCH_HOME: chosen, XDG_DATA_HOME: data } = system.environment;
  if (chosen !== undefined && chosen !== '') return chosen;
  if (system.uid === 0 && system.isForeignRoot !== true) return systemStateDirectory;
  // The XDG base directory specification: relative paths are invalid and ignored.
  if (data?.startsWith('/') === true) return `${data}/anyarch`;
  const home = homeDirectory(system);
  if (home !== undefined) return `${home}/.local/share/anyarch`;
  throw new AnyarchError(
    'ANYARCH_FILE',
    'neither ANYARCH_HOME nor XDG_DATA_HOME nor HOME names an absolute directory, and this user has no other home',
    {
      hint: 'set ANYARCH_HOME to a directory of yours',
    },
  );
}
