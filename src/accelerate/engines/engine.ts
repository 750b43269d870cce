import type { Host } from '../../host/host.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import type { FoundEngine } from '../../rootless/index.ts';
import type { StandInSettings } from '../stand-in/settings.ts';
import type { AccelerateEngineName } from '../engine-names.ts';

/** What an engine's part is told. */
export interface EngineContext {
  readonly host: Host;
  /** The state directory, absolute. */
  readonly state: string;
  /** The tool tree, absolute. */
  readonly tree: string;
  /** Makes the program that stands in for runtimes. */
  readonly standIn: (settings: StandInSettings) => Uint8Array;
}

export interface AccelerateEngine {
  readonly name: AccelerateEngineName;
  readonly find: (host: Host) => FoundEngine;
  /** Whether it is used by this caller, or programs of it are merely there; left out where that is the same. */
  readonly isSetUp?: (context: EngineContext) => boolean;
  /** Files of ours, what others name first. Changes nothing. @throws AnyarchError */
  readonly files: (context: EngineContext) => readonly WantedFile[];
  /** What stays when it is disabled, as something that runs still needs it. */
  readonly staying: (context: EngineContext) => readonly WantedFile[];
  /** What is to be done beside, at once: sentences for people. */
  readonly notes: (context: EngineContext, action: 'enable' | 'disable') => readonly string[];
  /** Whether what runs now has it, and who does not; undefined where each command reads its configuration anew. */
  readonly live: (context: EngineContext) => LiveEngine | undefined;
  /** Why it does not do its work although it is enabled: sentences for people. */
  readonly warnings: (context: EngineContext) => readonly string[];
  /** For those who start the engine themselves: what they have to add. */
  readonly manual: (context: EngineContext) => string;
}

/**
 * - `not-running`: no daemon of this user
 * - `accelerated`: it finds our program first
 * - `restart`: it was started without, or still has what is disabled
 */
export interface LiveEngine {
  readonly state: 'not-running' | 'accelerated' | 'restart';
  /** Of `restart` those that have not. */
  readonly processes: readonly number[];
}
