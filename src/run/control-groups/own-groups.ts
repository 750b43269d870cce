import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { parseMounts } from '../../host/mounts.ts';
import type { Mount } from '../../host/mounts.ts';
import { ignoring } from '../../host/system-error.ts';

/** The control group that this process is in, of one hierarchy. */
export interface OwnGroup {
  readonly version: 1 | 2;
  /** Where the hierarchy is mounted. */
  readonly mount: string;
  /** The group's directory. */
  readonly directory: string;
  /** Of version 1. Those of version 2 are in the group's `cgroup.controllers`. */
  readonly controllers: readonly string[];
}

/** Hierarchies that are not mounted are left out, and those whose path is not seen here (cgroup_namespaces(7)). */
export function ownGroups({ files }: Pick<Host, 'files'>): OwnGroup[] {
  const text = (path: string): string =>
    ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => decodeUtf8(files.read(path))) ?? '';
  return findOwnGroups(text('/proc/self/cgroup'), parseMounts(text('/proc/self/mountinfo'))).filter(
    ({ directory }) => files.status(directory)?.kind === 'directory',
  );
}

/** @param text of /proc/self/cgroup: lines `NUMBER:CONTROLLERS:PATH`, version 2 without controllers (cgroups(7)) */
function findOwnGroups(text: string, mounts: readonly Mount[]): OwnGroup[] {
  return text.split('\n').flatMap((line): OwnGroup[] => {
    const [, names = '', path = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const controllers = names.split(',').filter((name) => name !== '');
    const version = controllers.length === 0 ? 2 : 1;
    const mount = mounts.find(({ type, options }) =>
      version === 2
        ? type === 'cgroup2'
        : type === 'cgroup' && controllers.every((name) => options.has(name)),
    );
    if (path === '' || mount === undefined) return [];
    const directory = `${mount.point}${path}`.replace(/\/+$/, '');
    return [{ version, mount: mount.point, directory, controllers }];
  });
}
