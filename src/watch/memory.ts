import type { Damping } from './damping.ts';
import type { Sight } from './look.ts';
import type { Situation } from './situation.ts';
import type { WantedRegistration } from './wanted.ts';

/** What a watch knows from one poll to the next; starts as `newMemory`. */
export interface Memory {
  /** What the last poll left: nothing is done while it stays the same. Undefined: look at everything. */
  sight: Sight | undefined;
  /** Files of emulators to look at in each poll. */
  emulators: readonly string[];
  wanted: readonly WantedRegistration[];
  /** Named or registered at each boot, but unregistered. */
  letGo: readonly string[];
  /** What others than `register` want has been registered by us once, so that `unregister` can take it back. */
  readonly claimed: Set<string>;
  readonly damping: Map<string, Damping>;
  readonly situations: Map<string, Situation>;
  /** The message about the table. */
  tableTrouble: string | undefined;
  /** By architecture: the text of somebody else's entry that was found to be what is wanted. */
  readonly accepted: Map<string, string>;
  /** By architecture: how the last probe ended. */
  readonly proofs: Map<string, LastProof>;
  /** By subject: the last failure that was said, so that nothing is said twice. */
  readonly said: Map<string, string>;
  /** Monotonic milliseconds: then there is something to do though all is as it was. */
  wakeAt: number;
  /** Monotonic milliseconds of the next proof of everything. */
  proveAt: number;
  /** Failures in a row to look at the table, or at what is wanted. */
  failures: number;
  readonly counters: Counters;
}

export interface LastProof {
  readonly isProven: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Counters {
  polls: number;
  pollMs: number;
  /** Milliseconds since the epoch. */
  lastPollAt: number;
  /** By architecture and reason. */
  readonly reassertions: Map<string, Map<string, number>>;
  /** By code. */
  readonly errors: Map<string, number>;
}

export function newMemory(): Memory {
  return {
    sight: undefined,
    emulators: [],
    wanted: [],
    letGo: [],
    claimed: new Set(),
    damping: new Map(),
    situations: new Map(),
    tableTrouble: undefined,
    accepted: new Map(),
    proofs: new Map(),
    said: new Map(),
    wakeAt: 0,
    proveAt: 0,
    failures: 0,
    counters: { polls: 0, pollMs: 0, lastPollAt: 0, reassertions: new Map(), errors: new Map() },
  };
}

/** Whether its programs run, by all that is known. */
export function isUp({ situations, proofs, tableTrouble }: Memory, architecture: string): boolean {
  const situation = situations.get(architecture);
  if (tableTrouble !== undefined || situation?.inForce === undefined) return false;
  // With flag F what was pinned goes on running; the proof shows whether it does.
  const isInForce = situation.trouble === undefined || situation.trouble.startsWith('emulator-');
  return isInForce && proofs.get(architecture)?.isProven !== false;
}
