import { lookUpArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import type { Mount } from '../record.ts';

/**
 * Whether a guest of this kind can see directories of this host at all.
 *
 * Not across byte orders: FUSE's messages are in the guest's, and virtiofsd (1.13) reads them in its own. The mount succeeds in the guest,
 * and each look into it is refused then ("Connection refused"). Nor between POWER, MIPS and others: FUSE passes the flags of open(2) on as the guest's
 * kernel numbers them, and O_LARGEFILE of POWER, which its kernel always sets, is O_DIRECTORY on x86 (asm/fcntl.h): directories can be
 * listed, and files not opened ("Not a directory"). O_EXCL of MIPS is O_APPEND elsewhere: what is written to a new file would go to its end.
 *
 * @param hostMachine what `uname -m` says on the host
 * @throws AnyarchError ANYARCH_USAGE where there is a mount and it cannot
 */
export function checkMounts(
  { name, architecture, bus }: Pick<MachineDefinition, 'name' | 'architecture' | 'bus'>,
  mounts: readonly Mount[],
  hostMachine: string,
): void {
  if (mounts.length === 0) return;
  const hint = 'copy instead: anyarch machine copy DIR NAME:PATH';
  if (bus === 'board')
    throw new AnyarchError('ANYARCH_USAGE', `a ${name} has no virtio, and so no --mount`, { hint });
  const guest = byteOrder(architecture);
  const host = byteOrder(hostMachine);
  if (guest !== undefined && host !== undefined && guest !== host)
    throw new AnyarchError(
      'ANYARCH_USAGE',
      `${name} is ${guest}-endian and this host ${host}-endian: virtiofsd cannot serve it, and so there is no --mount`,
      { hint, details: { guest, host } },
    );
  if (flagsFamily(architecture) !== flagsFamily(hostMachine))
    throw new AnyarchError(
      'ANYARCH_USAGE',
      `${name} and this host (${hostMachine}) have other numbers for how files are opened: virtiofsd cannot serve it, and so there is no --mount`,
      { hint, details: { guest: architecture, host: hostMachine } },
    );
}

/** Kernels with numbers of their own for the flags of open(2); what arm has of these changes nothing here. */
function flagsFamily(architecture: string): string {
  const { name = '' } = lookUpArchitecture(architecture) ?? {};
  return ['ppc', 'mips'].find((family) => name.startsWith(family)) ?? 'others';
}

function byteOrder(architecture: string): 'little' | 'big' | undefined {
  return lookUpArchitecture(architecture)?.elf.endianness;
}
