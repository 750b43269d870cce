import type { FileAction } from '../installed-files/index.ts';
import { reportedError, type ReportedError } from '../registration/index.ts';
import type { AccelerateEngineName } from './engine-names.ts';
import type { LiveEngine } from './engines/engine.ts';

export interface ReportedFile {
  readonly kind: FileAction['kind'];
  readonly path: string;
  readonly reason: string;
  /** Where what somebody changed is kept. */
  readonly saved?: string;
  readonly error?: ReportedError;
}

export interface AcceleratedEngine {
  readonly engine: AccelerateEngineName;
  /** `waiting`: disabled, but a daemon that runs still needs a file of ours; `absent`: there was nothing of ours */
  readonly outcome: 'enabled' | 'disabled' | 'waiting' | 'absent' | 'failed';
  readonly path?: string;
  readonly version?: string;
  readonly files: readonly ReportedFile[];
  /** What is to be done beside. */
  readonly notes: readonly string[];
  /** What keeps it from working although it is enabled. */
  readonly warnings: readonly string[];
  readonly error?: ReportedError;
}

export type AccelerateOutcome = 'ok' | 'partial' | 'failed';

export interface AccelerateReport {
  readonly outcome: AccelerateOutcome;
  readonly dryRun: boolean;
  readonly state: string;
  readonly tree: TreeStatus;
  readonly engines: readonly AcceleratedEngine[];
}

export interface TreeStatus {
  readonly path: string;
  readonly present: boolean;
  /** Of tools that are in it. */
  readonly sets: number;
  readonly recipes: number;
  /** Of its files. */
  readonly bytes: number;
}

export interface AcceleratedEngineStatus {
  readonly engine: AccelerateEngineName;
  readonly found: boolean;
  /** Why it is not found. */
  readonly reason?: string;
  readonly path?: string;
  readonly version?: string;
  readonly enabled: boolean;
  /** Of its daemon; left out where each command reads its configuration anew. */
  readonly live?: LiveEngine;
  readonly files: readonly { readonly path: string; readonly state: 'same' | 'changed' | 'missing' }[];
  readonly warnings: readonly string[];
}

/** An emulator that the kernel starts for an architecture. */
export interface EmulatorStatus {
  /** QEMU's name: `aarch64`. */
  readonly architecture: string;
  readonly entry: string;
  readonly interpreter: string;
  readonly interposed: boolean;
}

export interface AccelerateStatus {
  readonly outcome: AccelerateOutcome;
  readonly state: string;
  readonly tree: TreeStatus;
  readonly engines: readonly AcceleratedEngineStatus[];
  readonly emulators: readonly EmulatorStatus[];
  readonly warnings: readonly string[];
}

export function reportedFile({ kind, path, reason, saved, error }: FileAction): ReportedFile {
  return {
    kind,
    path,
    reason,
    ...(saved === undefined ? {} : { saved }),
    ...(error === undefined ? {} : { error: reportedError(error) }),
  };
}

export function outcomeOf(engines: readonly Pick<AcceleratedEngine, 'outcome'>[]): AccelerateOutcome {
  const good = engines.filter(({ outcome }) => outcome !== 'failed' && outcome !== 'waiting').length;
  if (good === engines.length) return 'ok';
  return good === 0 && engines.every(({ outcome }) => outcome === 'failed') ? 'failed' : 'partial';
}
