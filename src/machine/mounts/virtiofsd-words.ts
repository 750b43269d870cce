import type { Mount } from '../record.ts';

/** Owner of a directory of the host, by the host's ids. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The guest's user: the first that cloud-init or adduser makes. */
const guestUserId = 1000;
/** "nobody": what Linux calls ids that have no name here. */
const nobody = 65_534;
const idCount = 2 ** 32 - 1;

/**
 * virtiofsd's words. What belongs to the owner belongs to the guest's user in there, and all that the guest writes, as
 * whatever user, becomes the owner's: both sides work on the files, and no user id of a guest means anything here.
 *
 * It makes a user namespace with the one id of a user who is not root, so that it needs no privilege, and leaves all of
 * the host's files but the directory behind (`--sandbox namespace`).
 */
export function virtiofsdWords({ source, isReadOnly }: Mount, owner: Owner, socket: string): string[] {
  return [
    '--socket-path',
    socket,
    '--shared-dir',
    source,
    '--sandbox',
    'namespace',
    '--log-level',
    'error',
    ...translations('uid', owner.uid),
    ...translations('gid', owner.gid),
    // Not cached longer than a second: the host changes the files, too.
    '--cache',
    'auto',
    // Where the guest is saved and goes on later, its open files are found again by their paths.
    '--migration-mode',
    'find-paths',
    '--migration-on-error',
    'guest-error',
    ...(isReadOnly ? ['--readonly'] : []),
  ];
}

function translations(kind: 'uid' | 'gid', id: number): string[] {
  return [
    `squash-guest:0:${id}:${idCount}`,
    `host:${id}:${guestUserId}:1`,
    ...(id > 0 ? [`squash-host:0:${nobody}:${id}`] : []),
    `squash-host:${id + 1}:${nobody}:${idCount - id - 1}`,
  ].flatMap((rule) => [`--translate-${kind}`, rule]);
}
