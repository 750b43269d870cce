import type { ProgramsHost } from '../../debian-programs/index.ts';
import type { MachineDefinition } from '../definition/definition.ts';

/** The host as if it were the guest: packages for it are those of the guest's architecture. They are unpacked, and never run here. */
export function guestHost<T extends ProgramsHost>(host: T, { kernel }: Pick<MachineDefinition, 'kernel'>): T {
  // `uname -m` of a guest does not tell: it says mips for both byte orders, and mips64.
  return { ...host, system: { ...host.system, machine: kernel.architecture } };
}
