import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import { homeDirectory } from '../host/home-directory.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { searchPath } from './real-program.ts';
import { shimDirectory } from './shim.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/**
 * - `first`: a shim is found before the real program
 * - `at-login`: the directory is not in PATH, but the user's own start-up files put it there
 */
export type ShimPlace = 'first' | 'at-login';

/**
 * Whether PATH leads to a shim before it leads to the real program.
 *
 * @param real its absolute path
 * @throws AnyarchError ANYARCH_PATH_ORDER where it does not
 */
export function requireShimPlace(host: Parts, name: string, real: string): ShimPlace {
  const directory = shimDirectory(host);
  const resolve = (path: string): string => reading(() => host.files.resolve(path)) ?? path;
  const path = searchPath(host).map(resolve);
  const own = path.indexOf(resolve(directory));
  const its = path.indexOf(resolve(real.slice(0, real.lastIndexOf('/')) || '/'));
  const without = `or run it as: anyarch run --keep-id -- ${real} …`;
  if (resolve(directory) === path[its])
    throw new AnyarchError(
      'ANYARCH_PATH_ORDER',
      `${real} is the real ${name}, in the directory for shims of it: none can stand before it`,
      { hint: `move it to another directory in PATH, ${without}`, details: { real } },
    );
  if (own !== -1 && (its === -1 || own < its)) return 'first';
  if (own === -1 && isAddedAtLogin(host)) return 'at-login';
  throw new AnyarchError(
    'ANYARCH_PATH_ORDER',
    own === -1
      ? `${directory} is not in PATH, so a shim of ${name} there would never be run`
      : `PATH leads to ${real} before it leads to ${directory}, so a shim of ${name} there would never be run`,
    {
      hint: `put export PATH="$HOME/.local/bin:$PATH" into ~/.profile, log in again, and repeat this; ${without}`,
      details: { directory, real },
    },
  );
}

/** As the start-up files of Debian, Fedora and their relatives do it, once the directory exists. */
function isAddedAtLogin({ files, system }: Parts): boolean {
  const home = homeDirectory(system);
  return ['.profile', '.bash_profile', '.bash_login', '.bashrc', '.zprofile', '.zshenv', '.zshrc'].some(
    (name) =>
      /^[^#\n]*\.local\/bin\b.*\bPATH\b/m.test(
        reading(() => decodeUtf8(files.read(`${home ?? ''}/${name}`))) ?? '',
      ),
  );
}

function reading<T>(action: () => T): T | undefined {
  return ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'], action);
}
