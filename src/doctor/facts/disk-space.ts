import { cacheDirectory } from '../../host/cache-directory.ts';
import { mountOf } from '../../host/mounts.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import type { Host } from '../../host/host.ts';
import { AnyarchError } from '../../core/error.ts';
import { fact } from '../examination.ts';

/** The file system of a place that anyarch or an engine writes to. */
export interface DiskSpace {
  readonly what: string;
  readonly path: string;
  /** Where it is mounted; undefined where that is not shown. */
  readonly mountPoint: string | undefined;
  /** Bytes that this user may still write. */
  readonly freeBytes: number;
  /** Undefined where the file system does not count them (btrfs). */
  readonly freeInodes: number | undefined;
}

/** Of each place that is there; file systems that several of them are on come once. */
export const diskSpaces = fact(({ host }): readonly DiskSpace[] => {
  let timeoutMs = 5000;
  const found = places(host).flatMap(({ what, path }) => {
    const space = spaceOf(host, existing(host, path), timeoutMs);
    // What hung once is waited for no more: all of them are looked at in seconds.
    if (space === 'hangs') timeoutMs = 500;
    if (space === 'hangs' || space === undefined) return [];
    return [{ what, path, mountPoint: mountOf(host, path)?.point, ...space }];
  });
  return found.filter((one, index) => found.findIndex((other) => sameDisk(one, other)) === index);
});

function sameDisk(a: DiskSpace, b: DiskSpace): boolean {
  return (a.mountPoint ?? a.path) === (b.mountPoint ?? b.path);
}

function places({ system }: Pick<Host, 'system'>): { readonly what: string; readonly path: string }[] {
  const { TMPDIR: temporary = '/tmp', HOME: home = '/root' } = system.environment;
  return [
    ...known("anyarch's emulators and state", () => stateDirectory(system)),
    ...known("anyarch's cache and images", () => cacheDirectory(system)),
    { what: 'temporary files', path: temporary },
    { what: "docker's images", path: '/var/lib/docker' },
    {
      what: "podman's images",
      path: system.uid === 0 ? '/var/lib/containers' : `${home}/.local/share/containers`,
    },
  ];
}

function known(what: string, find: () => string): { readonly what: string; readonly path: string }[] {
  try {
    return [{ what, path: find() }];
  } catch (error) {
    // The environment names no directory; then nothing is written to it.
    if (error instanceof AnyarchError) return [];
    throw error;
  }
}

/** The place, or where it would be made. */
function existing({ files }: Pick<Host, 'files'>, path: string): string {
  for (let candidate = path; candidate !== ''; candidate = candidate.slice(0, candidate.lastIndexOf('/')))
    if (files.status(candidate) !== undefined) return candidate;
  return '/';
}

function spaceOf(
  { processes }: Pick<Host, 'processes'>,
  path: string,
  timeoutMs: number,
): Pick<DiskSpace, 'freeBytes' | 'freeInodes'> | 'hangs' | undefined {
  const command = ['stat', '--file-system', '--format=%a %S %d %c', '--', path];
  const { exitCode, stdout, timedOut } = processes.run(command, { timeoutMs });
  if (timedOut) return 'hangs';
  const [blocks, size, freeInodes, inodes] = stdout.trim().split(' ').map(Number);
  if (exitCode !== 0 || blocks === undefined || size === undefined) return undefined;
  return {
    freeBytes: blocks * size,
    freeInodes: inodes === undefined || inodes === 0 ? undefined : freeInodes,
  };
}
