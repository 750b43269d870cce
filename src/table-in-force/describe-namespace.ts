import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { initialUserNamespace } from '../host/node/user-namespaces.ts';
import type { UserNamespace } from '../host/node/user-namespaces.ts';
import { ignoring } from '../host/system-error.ts';
import type { Viewer } from './seen-tables.ts';

export interface DescribedNamespace extends UserNamespace {
  /** The owner's name; undefined for one that the user database does not know. */
  readonly ownerName: string | undefined;
  readonly isInitial: boolean;
  /** The engine whose process holds it; undefined for others. */
  readonly engine: 'podman' | 'docker' | undefined;
}

export function describeNamespace(
  host: Pick<Host, 'files'>,
  namespace: UserNamespace,
  viewers: readonly Viewer[],
): DescribedNamespace {
  const own = viewers.filter(({ userNamespace }) => userNamespace === namespace.inode);
  return {
    ...namespace,
    ownerName: userName(host, namespace.owner),
    isInitial: namespace.inode === initialUserNamespace,
    engine: own.map((viewer) => engineOfHolder(host, viewer)).find((engine) => engine !== undefined),
  };
}

/** `podman's namespace of user me`, `the host`. */
export function namespaceTitle({ isInitial, engine, owner, ownerName }: DescribedNamespace): string {
  if (isInitial) return 'the host';
  const user = `user ${ownerName ?? owner}`;
  return engine === undefined ? `a namespace of ${user}` : `${engine}'s namespace of ${user}`;
}

/**
 * The engine whose own process it is, one that stays between its commands. The pause process is podman itself, or
 * catatonit with -P; without that, catatonit is the init of a container.
 */
export function engineOfHolder(
  { files }: Pick<Host, 'files'>,
  { pid, command }: Pick<Viewer, 'pid' | 'command'>,
): DescribedNamespace['engine'] {
  if (command === 'podman pause' || command === 'podman') return 'podman';
  if (command === 'dockerd' || command === 'rootlesskit') return 'docker';
  if (command !== 'catatonit') return undefined;
  const words = ignoring(['ENOENT', 'ESRCH', 'EACCES'], () =>
    decodeUtf8(files.read(`/proc/${pid}/cmdline`)).split('\0'),
  );
  return words?.includes('-P') === true ? 'podman' : undefined;
}

function userName(host: Pick<Host, 'files'>, uid: number): string | undefined {
  return users(host).find((user) => user.uid === `${uid}`)?.name;
}

export function userId(host: Pick<Host, 'files'>, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  const uid = users(host).find((user) => user.name === name)?.uid;
  return uid === undefined || !/^\d+$/.test(uid) ? undefined : Number(uid);
}

/** Those of passwd(5). */
function users({ files }: Pick<Host, 'files'>): { name: string | undefined; uid: string | undefined }[] {
  const text = ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(files.read('/etc/passwd'))) ?? '';
  return text.split('\n').map((line) => {
    const [name, , uid] = line.split(':');
    return { name, uid };
  });
}
