import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { collectLayers } from './collect-layers.ts';

/**
 * As `collectLayers`, behind something that is done or has failed already: where it cannot be told which layers are
 * needed all stay, and a warning says so. The next time gets them.
 */
export function tidyLayers(host: Pick<Host, 'clock' | 'files' | 'log' | 'system'>): void {
  try {
    collectLayers(host);
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    host.log.warn(`what is left of disks stays for now: ${error.message}${hint}`);
  }
}
