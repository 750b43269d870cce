import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** A process that starts containers, and where it looks for programs. */
export interface Starter {
  readonly pid: number;
  readonly name: 'dockerd' | 'containerd';
  readonly searchPath: readonly string[];
  /** Whether systemd started it, as a service of docker's. */
  readonly isService: boolean;
}

/**
 * Daemons of this user that start `runc`: dockerd for builds with BuildKit, containerd for everything else. One in a
 * container of another mount namespace is somebody else's.
 */
export function starters(host: Parts): readonly Starter[] {
  const { files, system } = host;
  return files
    .list('/proc')
    .filter(
      (name) => /^\d+$/.test(name) && reading(() => files.linkStatus(`/proc/${name}`))?.uid === system.uid,
    )
    .flatMap((pid): Starter[] => {
      const name = nameOf(host, pid);
      if (name === undefined || isInContainer(host, pid)) return [];
      return [
        { pid: Number(pid), name, searchPath: searchPathOf(host, pid), isService: isService(host, pid) },
      ];
    });
}

function nameOf(host: Parts, pid: string): Starter['name'] | undefined {
  const [program = ''] = (read(host, `${pid}/cmdline`) ?? '').split('\0');
  const name = program.slice(program.lastIndexOf('/') + 1);
  return name === 'dockerd' || name === 'containerd' ? name : undefined;
}

/** Its root is another one. Rootlesskit's has copies of /etc and /run, and the host's /usr. */
function isInContainer({ files }: Parts, pid: string): boolean {
  const [own, its] = ['self', pid].map((one) => reading(() => files.status(`/proc/${one}/root/usr`)));
  return own !== undefined && its !== undefined && own.inode !== its.inode;
}

/** cgroups(7): the group's path ends in the unit that the process belongs to, or goes on below it. */
function isService(host: Parts, pid: string): boolean {
  return /\/(docker|containerd)\.service(\/|$)/m.test(read(host, `${pid}/cgroup`) ?? '');
}

function searchPathOf(host: Parts, pid: string): string[] {
  const setting = (read(host, `${pid}/environ`) ?? '').split('\0').find((one) => one.startsWith('PATH='));
  return (setting ?? '').slice('PATH='.length).split(':');
}

function read({ files }: Parts, path: string): string | undefined {
  return reading(() => decodeUtf8(files.read(`/proc/${path}`)));
}

/** Processes end while one looks, and some may not be looked at. */
function reading<T>(action: () => T): T | undefined {
  return ignoring(['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL'], action);
}
