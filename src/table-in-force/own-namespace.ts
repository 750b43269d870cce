import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { initialUserNamespace } from '../host/node/user-namespaces.ts';
import { ignoring } from '../host/system-error.ts';

/** That this process is in a user namespace that can have a table of its own. */
export interface OwnNamespace {
  /** The number in the link /proc/self/ns/user. */
  readonly userNamespace: number;
  /**
   * Whose the mounted table is, by the owner of its `register`: `own` or `around`, mostly the host's; `unknown` where
   * nothing is mounted, or root's own ids do not tell.
   */
  readonly mountedTable: 'own' | 'around' | 'unknown';
}

const unseen = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EINVAL'];

/** Undefined in the initial user namespace, and where /proc does not tell. */
export function ownNamespace({ files, binfmt }: Pick<Host, 'files' | 'binfmt'>): OwnNamespace | undefined {
  const link = ignoring(unseen, () => files.readLink('/proc/self/ns/user'));
  const inode = Number(/\[(\d+)\]$/.exec(link ?? '')?.[1]);
  if (Number.isNaN(inode) || inode === initialUserNamespace) return undefined;
  const register =
    binfmt.state() === 'mounted'
      ? ignoring(unseen, () => files.status(`${binfmt.path}/register`))
      : undefined;
  const map = ignoring(unseen, () => decodeUtf8(files.read('/proc/self/uid_map'))) ?? '';
  // Where the host's root is root here, too, every table of the host's looks like an own one.
  const isRootOutside = /^\s*0\s+0\s/m.test(map);
  return {
    userNamespace: inode,
    mountedTable:
      register === undefined || (register.uid === 0 && isRootOutside)
        ? 'unknown'
        : register.uid === 0
          ? 'own'
          : 'around',
  };
}
