import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';

/** @throws AnyarchError ANYARCH_PERMISSION */
export function requireRoot({ system }: Pick<Host, 'system'>, command: string): void {
  if (system.uid === 0) return;
  throw new AnyarchError(
    'ANYARCH_PERMISSION',
    `only root changes what is registered at boot, and this is user ${system.uid}`,
    { hint: `sudo ${command}` },
  );
}
