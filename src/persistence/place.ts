import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { mountOf } from '../host/mounts.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { rootOwners, untrustedPath } from '../host/trusted-path.ts';

/** Whether the emulators' file system is there when entries are registered at boot. */
export interface Place {
  /** What has to be mounted first; empty on the root file system. */
  readonly mounts: readonly string[];
}

const remote =
  /^(nfs4?|cifs|smb3|smbfs|afs|ceph|glusterfs|lustre|beegfs|9p|virtiofs|fuse|fuseblk|fuse\..*|sshfs|davfs|autofs|gfs2|ocfs2)$/;
const volatile = /^(tmpfs|ramfs|devtmpfs)$/;

/**
 * An entry with flag F opens its emulator when it is registered, early in the boot: what is not mounted by then is not
 * there.
 *
 * @throws AnyarchError ANYARCH_PERSIST_PLACE
 */
export function requirePlace(host: Pick<Host, 'files'>): Place {
  const mount = mountOf(host, systemDirectory);
  if (mount === undefined) return { mounts: [] };
  const isRoot = mount.point === '/';
  const what = `${systemDirectory} is on ${mount.point} (${mount.type})`;
  if (volatile.test(mount.type)) throw unfit(`${what}, which a reboot empties`);
  if (mount.options.has('noexec')) throw unfit(`${what}, from which no program may be executed (noexec)`);
  if (!isRoot && remote.test(mount.type))
    throw unfit(`${what}, which is mounted after entries are registered`);
  return { mounts: mountsBefore(host) };
}

/**
 * What is in there, root executes at each boot.
 *
 * @throws AnyarchError ANYARCH_EMULATOR_UNTRUSTED where others can put something else there
 */
export function requireTrustedPlace({ files }: Pick<Host, 'files'>): void {
  const there = files.status(systemDirectory) === undefined ? [] : directoriesBelow(files, systemDirectory);
  for (const path of [nearest(files, systemDirectory), ...there]) {
    const problem = untrusted(files, path);
    if (problem !== undefined) throw problem;
  }
}

/** @param path of a file or directory; links are followed */
export function untrusted(files: Host['files'], path: string): AnyarchError | undefined {
  const reason = untrustedPath(files, files.resolve(path), rootOwners(files));
  if (reason === undefined) return undefined;
  return new AnyarchError('ANYARCH_EMULATOR_UNTRUSTED', `root executes ${path} at boot, and ${reason}`, {
    hint: `look at what is there, then leave it to root alone: chown root: and chmod go-w, then: anyarch persist enable`,
    details: { path },
  });
}

function nearest(files: Host['files'], path: string): string {
  return files.status(path) === undefined
    ? nearest(files, path.slice(0, path.lastIndexOf('/')) || '/')
    : path;
}

function directoriesBelow(files: Host['files'], directory: string): string[] {
  return files
    .list(directory)
    .map((name) => `${directory}/${name}`)
    .filter((path) => files.status(path)?.kind === 'directory');
}

/** What has to be mounted first, whatever it is. */
export function mountsBefore(host: Pick<Host, 'files'>): readonly string[] {
  return (mountOf(host, systemDirectory)?.point ?? '/') === '/' ? [] : pathsOf(host);
}

/** systemd compares paths as texts: on ostree systems /usr/local is a link to /var/usrlocal. The same before and after it is made. */
function pathsOf({ files }: Pick<Host, 'files'>): string[] {
  const existing = nearest(files, systemDirectory);
  const resolved = `${files.resolve(existing)}/${systemDirectory.slice(existing.length)}`;
  return [...new Set([systemDirectory, resolved.replace(/\/+/g, '/').replace(/\/$/, '')])];
}

function unfit(what: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_PERSIST_PLACE',
    `entries cannot be registered at boot from there: ${what}`,
    {
      hint: `bind a directory of a local disk over it, in /etc/fstab too: mkdir -p ${systemDirectory} /var/lib/anyarch-system && mount --bind /var/lib/anyarch-system ${systemDirectory}; or keep entries up with the service of "anyarch watch"`,
      details: { path: systemDirectory },
    },
  );
}
