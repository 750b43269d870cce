import type { Host } from '../../host/host.ts';
import type { MachineKeys } from '../access/keys.ts';
import { findDefinition } from '../definition/table.ts';
import { mountTag } from '../mounts/mount.ts';
import { cardAddress } from '../network/network-words.ts';
import type { MachineRecord } from '../record.ts';
import type { FirstStart } from '../seed/first-start.ts';
import { makeSeed } from '../seed/make-seed.ts';

/**
 * The disk that tells a guest who it is.
 *
 * @throws AnyarchError ANYARCH_SEED_INVALID
 */
export function machineSeed(
  { clock }: Pick<Host, 'clock'>,
  { id, name, definition, access, mounts, engine }: MachineRecord,
  keys: MachineKeys,
  { sshKey, password, packages, runCommands, userData, isPast = false }: FirstStart,
): Uint8Array {
  return makeSeed({
    instanceId: id,
    hostname: name,
    user: access.user,
    authorizedKeys: [keys.publicKey, ...(sshKey === undefined ? [] : [sshKey])],
    hostKeys: [{ type: 'ed25519', ...keys.hostKey }],
    mac: cardAddress(id, findDefinition(definition)),
    keepsPassword: isPast && access.hasPassword === true,
    packages,
    runCommands,
    mounts: mounts.map((mount, index) => ({
      tag: mountTag(mount, index),
      target: mount.target,
      isReadOnly: mount.isReadOnly,
    })),
    modifiedMs: clock.now(),
    ...(engine === undefined ? {} : { engine }),
    ...(password === undefined ? {} : { password }),
    ...(userData === undefined ? {} : { userData }),
  });
}
