import type { Architecture } from '../core/architecture.ts';
import type { AnyarchError } from '../core/error.ts';
import type { Flags } from '../core/flags.ts';
import type { Rule } from '../core/rule.ts';
import type { Emulator } from '../emulators/index.ts';
import type { Adopted } from './ledger-document.ts';
import type { Owner, OwnerKind } from './owner.ts';
import type { InterpreterState } from './pinned.ts';
import type { TableEntry } from './table.ts';

export interface KnownEntry {
  readonly listed: TableEntry;
  readonly owner: Owner;
  readonly interpreter: InterpreterState;
  /** QEMU's target name of what it is for. */
  readonly architecture: string | undefined;
}

/** An entry of somebody else's that one of ours has, had or was to have the place of. */
export interface Adoption {
  readonly was: Adopted;
  /** QEMU's target name. */
  readonly architecture: string;
  /** Ours; none where somebody has removed it. */
  readonly own: readonly KnownEntry[];
  /** Why it cannot be given back, one clause; undefined when it can. */
  readonly problem: string | undefined;
  /** It is there, not taken yet or given back already, or its owner had it again in the meantime: ours only has to go. */
  readonly isBack: boolean;
  /** It is there again, but was to be disabled yet: the command that gave it back was killed. */
  readonly isHalfBack: boolean;
  /** Its owner has registered it again. */
  readonly isReclaimed: boolean;
}

export interface Wanted {
  readonly architecture: Architecture;
  readonly emulator: Emulator;
  readonly flags: Flags;
  /** The first bytes of the emulator's file; at most 256. Undefined when it is not in this file system. */
  readonly emulatorHeader: Uint8Array | undefined;
  /** How others than root could supply what runs as root for setuid programs; only looked for with flag C. */
  readonly untrusted: string | undefined;
}

export interface PlanInput {
  /** The newest first. */
  readonly entries: readonly KnownEntry[];
  readonly adoptions: readonly Adoption[];
  readonly wanted: readonly Wanted[];
  /** Architectures that run without an emulator here. */
  readonly native: ReadonlySet<string>;
  /** Also remove what is ours or a predecessor's and not wanted any more. */
  readonly reset: boolean;
  /** Entries of predecessors for the wanted architectures make way. */
  readonly adopt: boolean;
  /** Entries of others that make way and are given back on demand, by architecture. */
  readonly takeOver: ReadonlyMap<string, Adopted> | undefined;
  /** Architectures that stay as they are although `reset` would remove them: wanted, but without an emulator. */
  readonly spared: ReadonlySet<string>;
  /** Register native architectures, too, and with flag C emulators that others than root can replace. */
  readonly force: boolean;
}

export type PlanStep =
  | { readonly kind: 'register'; readonly rule: Rule }
  /** Only if the entry still reads so, or does what the rule says: what has changed meanwhile is somebody's. */
  | { readonly kind: 'remove'; readonly name: string; readonly expected: string | Rule }
  /** Keeps the entry, but out of force. */
  | { readonly kind: 'disable'; readonly name: string }
  /** Execute a probe; it must run. */
  | { readonly kind: 'prove' };

/** An entry that goes. */
export interface RemovedEntry {
  /** Undefined when the entry's text cannot be understood. */
  readonly interpreter: string | undefined;
  readonly owner: OwnerKind;
}

export interface PlanAction {
  readonly kind: 'keep' | 'add' | 'replace' | 'remove' | 'release' | 'refuse';
  /** QEMU's target name; undefined for a removed entry that belongs to none. */
  readonly architecture: string | undefined;
  /** The entry's name in the end. */
  readonly name: string;
  /** What is in force afterwards. */
  readonly rule: Rule | undefined;
  readonly emulator: Emulator | undefined;
  /** One clause for people. */
  readonly reason: string;
  readonly steps: readonly PlanStep[];
  /** Enabled entries of others that match the same programs and are out of force afterwards. */
  readonly shadows: readonly string[];
  /** What goes without anything in its place; undefined for all kinds but `remove`. */
  readonly removed: RemovedEntry | undefined;
  /** The entry of others whose place is taken, or with `release` given back. */
  readonly adopted?: Adopted | undefined;
  /** Why it is refused. */
  readonly error: AnyarchError | undefined;
}

/** In the order of carrying out: what is wanted first, so that a reset leaves no gap; removals last. */
export type Plan = readonly PlanAction[];

export function removal({ listed }: KnownEntry): PlanStep {
  return { kind: 'remove', name: listed.name, expected: listed.text };
}
