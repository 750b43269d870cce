import { AnyarchError } from '../core/error.ts';
import type { System } from './host.ts';

/** Where root keeps what anyarch has fetched and recorded; other users read the emulators there too. */
export const systemStateDirectory = '/var/lib/anyarch';

/**
 * Where what must survive is kept: `$ANYARCH_HOME`, `/var/lib/anyarch` for root, else `$XDG_DATA_HOME/anyarch`
 * or `~/.local/share/anyarch`.
 *
 * @throws AnyarchError ANYARCH_FILE when the environment names no directory.
 */
export function stateDirectory({ uid, environment }: Pick<System, 'uid' | 'environment'>): string {
  const { ANYARCH_HOME: chosen, XDG_DATA_HOME: data, HOME: home } = environment;
  if (chosen !== undefined && chosen !== '') return chosen;
  if (uid === 0) return systemStateDirectory;
  // The XDG base directory specification: relative paths are invalid and ignored.
  if (data?.startsWith('/') === true) return `${data}/anyarch`;
  if (home?.startsWith('/') === true) return `${home}/.local/share/anyarch`;
  throw new AnyarchError(
    'ANYARCH_FILE',
    'neither ANYARCH_HOME nor XDG_DATA_HOME nor HOME names an absolute directory',
    {
      hint: 'set ANYARCH_HOME to a directory of yours',
    },
  );
}
