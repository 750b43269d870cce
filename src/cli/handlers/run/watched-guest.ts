import type { Bind, GuestOutcome } from '../../../run/index.ts';
import type { Context, Outcome } from '../../command.ts';
import type { GuestEmulator } from './guest-binds.ts';

export interface WatchOptions {
  readonly 'stall-timeout'?: string;
  readonly 'stall-report'?: string;
  readonly 'stall-trace'?: boolean;
  readonly 'explain-crash'?: boolean;
}

/** Looks after a guest while it runs, where that is asked for. */
export interface GuestWatch {
  /** `K=V`, for the guest. */
  readonly environment: readonly string[];
  /** What has to be seen in a root of the guest's own. */
  readonly binds: readonly Bind[];
  /** Aborted when the guest is to be killed. */
  readonly signal: AbortSignal;
  readonly onStarted: (pid: number) => void;
  /** Gets what the guest writes to standard error, and passes it on. */
  readonly onErrorOutput?: (chunk: Uint8Array) => void;
  /** Ends the watching, and says how the guest ended. */
  readonly finish: (outcome: GuestOutcome) => Promise<Outcome>;
  /** Ends the watching of a guest that did not come to be. */
  readonly close: () => void;
}

/** What is watched. */
export interface Watched {
  readonly context: Context;
  readonly emulated: readonly GuestEmulator[];
  /** Path or name of the guest's program. */
  readonly program: string;
  /** Its root file system, on the host; undefined where it has the host's own files. */
  readonly root: string | undefined;
  /** It has process ids of its own: whatever loses its parent gets the namespace's init for one. */
  readonly isApart?: boolean;
}
