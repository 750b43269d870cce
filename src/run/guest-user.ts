import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Files } from '../host/files.ts';
import { followInside } from '../host/follow-inside.ts';
import { SystemError } from '../host/system-error.ts';
import type { GuestUser } from './identity.ts';

/** A user as the guest's own files describe it. */
export interface KnownGuestUser extends GuestUser {
  /** Undefined for a number that /etc/passwd does not have. */
  readonly name: string | undefined;
  readonly home: string | undefined;
}

type UserFiles = Pick<Files, 'linkStatus' | 'readLink' | 'status' | 'readAt'>;

/** Bytes that are read of a file of users; real ones have a hundredth of it. */
const mostBytes = 4 << 20;
/** (uid_t)-1 means "none" to the kernel. */
const highestId = 0xffff_fffe;

/**
 * Looks up `UID`, `UID:GID`, `NAME` or `NAME:GROUP` in the guest's /etc/passwd and /etc/group, as container engines do:
 * a number that is not there has the group 0 and no other, and an explicit group is the only one.
 *
 * @param root the guest's root file system; none of its links leads out
 * @throws AnyarchError ANYARCH_USAGE for a name that the guest does not know, ANYARCH_FILE
 */
export function findGuestUser(files: UserFiles, root: string, text: string): KnownGuestUser {
  const [userPart = '', groupPart, ...rest] = text.split(':');
  if (userPart === '' || groupPart === '' || rest.length > 0)
    throw new AnyarchError('ANYARCH_USAGE', `"${text}" is no user`, {
      hint: 'write UID, UID:GID, NAME or NAME:GROUP',
    });
  const uid = parseId(userPart);
  const entry = records(files, root, '/etc/passwd').find((fields) =>
    uid === undefined ? fields[0] === userPart : parseId(fields[2]) === uid,
  );
  const known = uid ?? parseId(entry?.[2]);
  if (known === undefined) throw unknown('user', userPart, root, '/etc/passwd');
  const name = entry?.[0];
  const home = entry?.[5]?.startsWith('/') === true ? entry[5] : undefined;
  const user = { uid: known, name, home };
  if (groupPart !== undefined) return { ...user, gid: findGroup(files, root, groupPart), groups: [] };
  return {
    ...user,
    gid: parseId(entry?.[3]) ?? 0,
    groups: name === undefined ? [] : groupsOf(files, root, name),
  };
}

/**
 * Engines list the own group of a user who was named among the others since CVE-2022-2989: else a program could drop it,
 * and files deny their group what they allow all others.
 */
export function withOwnGroup(user: GuestUser): GuestUser {
  return { ...user, groups: [...new Set([user.gid, ...user.groups])] };
}

function findGroup(files: UserFiles, root: string, text: string): number {
  const gid = parseId(text);
  if (gid !== undefined) return gid;
  const found = records(files, root, '/etc/group').find((fields) => fields[0] === text);
  const number = parseId(found?.[2]);
  if (number === undefined) throw unknown('group', text, root, '/etc/group');
  return number;
}

function groupsOf(files: UserFiles, root: string, name: string): number[] {
  const groups = records(files, root, '/etc/group').flatMap((fields) => {
    const gid = parseId(fields[2]);
    return gid !== undefined && fields[3]?.split(',').includes(name) === true ? [gid] : [];
  });
  return [...new Set(groups)];
}

/** The fields of each line. Nothing where the guest has no such file, or what is there is none. */
function records(files: UserFiles, root: string, path: string): string[][] {
  const found = followInside(files, root, path);
  if (found === undefined) return [];
  try {
    if (files.status(found)?.kind !== 'file') return [];
    return decodeUtf8(files.readAt(found, 0, mostBytes))
      .split('\n')
      .map((line) => line.replace(/\r$/, '').split(':'));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw new AnyarchError('ANYARCH_FILE', `${found} cannot be read (${error.errno})`, {
      hint: 'look at its owner and mode: it belongs to the guest, and the user of anyarch must be able to read it',
      cause: error,
    });
  }
}

function parseId(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= highestId ? id : undefined;
}

function unknown(kind: 'user' | 'group', name: string, root: string, path: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', `the guest knows no ${kind} "${name}"`, {
    hint: `give its number, or a ${kind} of ${root === '/' ? '' : root}${path}`,
  });
}
