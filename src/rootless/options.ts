import type { Emulator } from '../emulators/index.ts';
import type { Architecture } from '../core/architecture.ts';
import type { EngineName } from './engine.ts';

interface Common {
  /** `found`: every engine that is there (enable), or that is enabled (disable). */
  readonly engines: readonly EngineName[] | 'found';
  /** Absolute. */
  readonly state: string;
  /** How anyarch itself is started: [node, bin]. */
  readonly command: readonly string[];
  readonly dryRun: boolean;
  /** Files of ours that somebody changed are replaced or removed, and kept beside. */
  readonly force: boolean;
}

export interface EnableOptions extends Common {
  /** All that is wanted, in the place of what was. */
  readonly emulated: readonly { readonly architecture: Architecture; readonly emulator: Emulator }[];
}

export type DisableOptions = Common;

export type StatusOptions = Pick<Common, 'engines' | 'state' | 'command'>;
