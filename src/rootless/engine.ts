import type { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import type { WantedFile } from '../installed-files/index.ts';
import type { Ensured, WantedTable } from '../private-table/index.ts';
import type { EngineName } from './engine-names.ts';

export type { EngineName } from './engine-names.ts';

export type FoundEngine =
  | { readonly found: true; readonly path: string; readonly version: string }
  /** @param reason one clause for people: `there is no podman in PATH` */
  | { readonly found: false; readonly reason: string };

/** What an engine's part is told. */
export interface EngineContext {
  readonly host: Host;
  /** The state directory, absolute. */
  readonly state: string;
  /** Absolute path of the program that hooks run: `PROGRAM rootless ensure --state STATE …`. */
  readonly program: string;
  readonly wanted: WantedTable;
  /** How anyarch itself is started: [node, bin]. */
  readonly command: readonly string[];
}

/** What became of the namespace that the engine runs in now. */
export type EnsuredNow =
  | { readonly state: 'done'; readonly ensured: Ensured }
  /** The files see to it when it is started. */
  | { readonly state: 'nothing-runs'; readonly reason: string }
  /** Each command has a namespace of its own; the files see to it each time. `ensured`: tried out in one. */
  | { readonly state: 'per-command'; readonly reason: string; readonly ensured?: Ensured };

export interface RemovedNow {
  readonly state: 'done' | 'nothing-runs' | 'per-command';
  /** Names of entries of ours that are gone now. */
  readonly removed: readonly string[];
}

export interface EngineStatus {
  /**
   * Whose table is in force where the engine's containers run. `not-running`: nothing of it runs now; `not-made`: its next
   * container makes the table; `per-command`: each command has a namespace of its own; `unknown`: with a warning that says
   * why.
   */
  readonly table: 'private' | 'host' | 'not-running' | 'not-made' | 'per-command' | 'unknown';
  /** Those of `wanted`, found by a probe that was executed there; empty where nothing runs to execute it in. */
  readonly architectures: readonly { readonly architecture: string; readonly works: boolean }[];
  /** What keeps it from working, now or later: sentences for people. */
  readonly warnings: readonly string[];
}

/** An engine that anyarch can make run foreign containers without root. */
export interface RootlessEngine {
  readonly name: EngineName;
  /** Never throws. */
  readonly find: (host: Host) => FoundEngine;
  /**
   * Files of ours that make it last: drop-ins, hooks, shims. Files of the user's are never among them. Changes nothing.
   *
   * @throws AnyarchError where the user's configuration leaves no place for them
   */
  readonly files: (context: EngineContext) => readonly WantedFile[];
  /** Where files of ours may be outside of the state directory, which say so in their first lines: for a lost record. */
  readonly ownPaths?: (host: Host) => readonly string[];
  /**
   * Registers in the namespace that runs now; called when the files are there, also again.
   *
   * @throws AnyarchError
   */
  readonly ensure: (context: EngineContext) => Promise<EnsuredNow>;
  /**
   * Takes our entries out of the namespace that runs now; called while the files are still there.
   *
   * @throws AnyarchError
   */
  readonly remove: (context: EngineContext) => Promise<RemovedNow>;
  /** What is in force there. Starts nothing that was not running, and mounts nothing. */
  readonly status: (context: EngineContext) => Promise<EngineStatus>;
  /** What runs and would fail without our files, which therefore stay unless that is forced. */
  readonly inUse?: (context: EngineContext) => AnyarchError | undefined;
  /** What keeps it from working, now or later, whatever runs: sentences for people. `status` has them, too. */
  readonly warnings?: (context: EngineContext) => readonly string[];
  /** What is told once after the files were written or removed: `log in again`, `restart the service` … */
  readonly notes?: (context: EngineContext, action: 'enable' | 'disable') => readonly string[];
}
