import { lookUpArchitecture, sameFamily } from '../../../core/architecture.ts';
import type { Architecture } from '../../../core/architecture.ts';
import type { Host } from '../../../host/host.ts';
import { nativeNames } from '../obtain.ts';

/** Relatives of the host's own architecture (i386 on x86_64) may run without an emulator; the others never do. */
export async function isNative(host: Host, architecture: Architecture): Promise<boolean> {
  const own = lookUpArchitecture(host.system.machine);
  // What this process itself runs as needs no probe.
  if (own === architecture) return true;
  return (
    own !== undefined && sameFamily(own, architecture) && (await nativeNames(host)).has(architecture.name)
  );
}

/** Whether a guest that runs natively needs uname(2) to name another architecture than the host's. */
export function isNative32({ system }: Pick<Host, 'system'>, architecture: Architecture): boolean {
  return architecture.elf.class === 32 && lookUpArchitecture(system.machine) !== architecture;
}
