import { AnyarchError } from '../core/error.ts';
import type { System } from '../host/host.ts';
import type { GuestIds } from './mapping.ts';
import type { GuestIdentity, Mapping } from './setup.ts';

/** A user as the guest numbers it. */
export interface GuestUser {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary. Where only one id is mapped the guest has none that it could name. */
  readonly groups: readonly number[];
}

/**
 * Undefined where the guest is to be root of its namespace.
 *
 * @throws AnyarchError ANYARCH_USAGE for two that exclude each other
 */
export function chooseIdentity(
  system: Pick<System, 'uid' | 'gid'>,
  mapping: Mapping,
  { ids, user }: { readonly ids?: GuestIds; readonly user?: GuestUser },
): GuestIdentity | undefined {
  if (ids === 'keep') {
    if (user !== undefined)
      throw new AnyarchError('ANYARCH_USAGE', "another user and the user's own ids cannot both be had", {
        hint: 'leave out --user or --keep-id',
      });
    // The host's root is root inside anyway.
    return system.uid === 0 ? undefined : { kind: 'mapped', uid: system.uid, gid: system.gid };
  }
  if (user === undefined) return undefined;
  if (mapping.kind === 'parent') return { kind: 'switched', ...user };
  return user.uid === 0 && user.gid === 0 ? undefined : { kind: 'mapped', uid: user.uid, gid: user.gid };
}
