import { decodeUtf8 } from '../core/text.ts';
import { parseMounts } from '../host/mounts.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

/** Where the table of a process is looked for, by programs and people. */
export const standardPath = '/proc/sys/fs/binfmt_misc';

/** A process that stands for those with the same user and mount namespace. */
export interface Viewer {
  readonly pid: number;
  /** `comm`, the program's name; `anyarch run` for the launchers of that, whose name says nothing. */
  readonly command: string;
  /** Inodes of its namespaces. */
  readonly userNamespace: number;
  readonly mountNamespace: number;
  /** What it sees of binfmt_misc, the topmost mount last. */
  readonly mounts: readonly TableMount[];
}

export interface TableMount {
  /** `major:minor`: all mounts of one table have it in common, and no other table has it. */
  readonly device: string;
  readonly point: string;
}

/** One for each pair of user and mount namespace that this process may look at, the oldest processes first. */
export function viewersOf(host: Pick<Host, 'files' | 'system'>): readonly Viewer[] {
  const found = new Map<string, Viewer>();
  const pids = host.files
    .list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  for (const pid of pids) {
    const namespaces = namespacesOf(host, pid);
    if (namespaces === undefined) continue;
    const key = `${namespaces.user} ${namespaces.mount}`;
    const viewer = found.has(key) ? undefined : viewerOf(host, pid, namespaces);
    if (viewer !== undefined) found.set(key, viewer);
  }
  return [...found.values()];
}

/** The same for one process; undefined where this process may not look at it, or it has ended. */
export function viewerFor(host: Pick<Host, 'files'>, pid: number): Viewer | undefined {
  const namespaces = namespacesOf(host, pid);
  return namespaces === undefined ? undefined : viewerOf(host, pid, namespaces);
}

interface Namespaces {
  readonly user: number;
  readonly mount: number;
}

const unseen = ['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL'];

function namespacesOf({ files }: Pick<Host, 'files'>, pid: number): Namespaces | undefined {
  const inode = (kind: string): number | undefined => {
    const link = ignoring(unseen, () => files.readLink(`/proc/${pid}/ns/${kind}`));
    return link === undefined ? undefined : Number(/\[(\d+)\]$/.exec(link)?.[1]);
  };
  const user = inode('user');
  const mount = inode('mnt');
  return user === undefined || mount === undefined ? undefined : { user, mount };
}

function viewerOf(
  { files }: Pick<Host, 'files'>,
  pid: number,
  { user, mount }: Namespaces,
): Viewer | undefined {
  const text = (name: string): string | undefined =>
    ignoring(unseen, () => decodeUtf8(files.read(`/proc/${pid}/${name}`)));
  const mountinfo = text('mountinfo');
  if (mountinfo === undefined) return undefined;
  return {
    pid,
    command: commandOf(text('comm')?.trim() ?? '', () =>
      ignoring(unseen, () => files.readLink(`/proc/${pid}/exe`)),
    ),
    userNamespace: user,
    mountNamespace: mount,
    mounts: parseMounts(mountinfo)
      .filter(({ type }) => type === 'binfmt_misc')
      .map(({ device, point }) => ({ device, point })),
  };
}

/** Launchers are called after their content, and the kernel keeps 15 characters of that. */
function commandOf(name: string, executable: () => string | undefined): string {
  if (!/^[0-9a-f]{15}$/.test(name)) return name;
  const isLauncher = /\/anyarch(-\d+)?\/launcher\/[0-9a-f]{16}( \(deleted\))?$/.test(executable() ?? '');
  return isLauncher ? 'anyarch run' : name;
}
