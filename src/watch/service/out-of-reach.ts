import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { survey } from '../../registration/index.ts';
import { readWanted } from '../wanted.ts';

/** What the unit has of its own (PrivateTmp, PrivateDevices), whatever others have there. */
const hidden = ['/tmp/', '/var/tmp/', '/dev/'];

/**
 * Emulators that are registered or wanted, and that a service of systemd does not see: below what is hidden from it, or
 * in a directory that only another user may enter, because it has no capabilities.
 */
export function outOfReach(host: Host, state: string): string[] {
  const registered = survey(host, state, { tolerant: true }).entries.flatMap(({ owner, listed }) =>
    owner.kind === 'anyarch' && listed.entry !== undefined ? [listed.entry.interpreter] : [],
  );
  const wanted = readWanted(host, state, []).wanted.flatMap(({ options: { qemu } }) =>
    qemu?.startsWith('/') === true ? [qemu] : [],
  );
  return [...new Set([...registered, ...wanted])].filter(
    (path) => hidden.some((directory) => path.startsWith(directory)) || isClosed(host, path),
  );
}

const byOwner = 0o100;
const byOthers = 0o001;

function isClosed({ files }: Pick<Host, 'files'>, path: string): boolean {
  const directories = path
    .split('/')
    .slice(1, -1)
    .map((_, index, names) => `/${names.slice(0, index + 1).join('/')}`);
  return directories.some((directory) => {
    const status = ignoring(['EACCES', 'ELOOP'], () => files.status(directory));
    return status !== undefined && (status.mode & (status.uid === 0 ? byOwner : byOthers)) === 0;
  });
}
