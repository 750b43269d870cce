import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

/**
 * Root's engines use the host's table. Root of another user namespace (a container, `podman unshare`) is somebody who
 * has a home elsewhere: what is written here would be in the wrong one.
 *
 * @throws AnyarchError ANYARCH_PERMISSION
 */
export function requireOrdinaryUser(
  { files, system }: Pick<Host, 'files' | 'system'>,
  command: string,
): void {
  if (system.uid !== 0) return;
  const map = ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(files.read('/proc/self/uid_map')));
  const isInitial = map === undefined || /^\s*0\s+0\s+4294967295\s*$/.test(map);
  throw new AnyarchError(
    'ANYARCH_PERMISSION',
    isInitial
      ? `${command} is for users without privilege: root's engines use the host's table`
      : `${command} was called as root of a user namespace, not as the user whose engines are meant`,
    {
      hint: isInitial
        ? 'sudo anyarch register; or call it as the user whose engines are meant'
        : 'call it outside of the container or of "podman unshare", as yourself; in here: anyarch run -- COMMAND',
    },
  );
}
