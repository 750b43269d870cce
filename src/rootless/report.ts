import type { FileAction } from '../installed-files/index.ts';
import type { Ensured, HookFailure, WantedArchitecture } from '../private-table/index.ts';
import { reportedError, type ReportedError } from '../registration/index.ts';
import type { EngineName, EngineStatus, EnsuredNow } from './engine.ts';

export interface ReportedFile {
  readonly kind: FileAction['kind'];
  readonly path: string;
  readonly reason: string;
  readonly error?: ReportedError;
}

export type RootlessOutcome = 'ok' | 'partial' | 'failed';

export interface ReportedEngine {
  readonly engine: EngineName;
  /**
   * `enabled`, with `dryRun` would be; `disabled`; `absent`: there was nothing of ours; `unneeded`: the host's table handles
   * all that is wanted; `failed`, with an error
   */
  readonly outcome: 'enabled' | 'disabled' | 'absent' | 'unneeded' | 'failed';
  readonly path?: string;
  readonly version?: string;
  /** Of its namespace now. */
  readonly now?: EnsuredNow['state'];
  readonly reason?: string;
  readonly ensured?: Ensured;
  /** Entries that were taken out of its namespace. */
  readonly removed?: readonly string[];
  readonly files: readonly ReportedFile[];
  readonly notes: readonly string[];
  /** What keeps it from working, now or later, although it is enabled. */
  readonly warnings?: readonly string[];
  readonly error?: ReportedError;
}

export interface ReportedArchitecture {
  /** QEMU's target name. */
  readonly architecture: string;
  /** `host`: its table handles it, nothing is made; `removed`: wanted no longer. */
  readonly outcome: 'wanted' | 'host' | 'removed';
  /** Against what was recorded before. */
  readonly change: 'new' | 'changed' | 'same' | 'removed' | 'none';
  readonly emulator?: WantedArchitecture['emulator'];
}

export interface RootlessReport {
  readonly outcome: RootlessOutcome;
  readonly dryRun: boolean;
  readonly state: string;
  readonly architectures: readonly ReportedArchitecture[];
  readonly engines: readonly ReportedEngine[];
  readonly notes: readonly string[];
}

export interface ReportedEngineStatus extends Partial<EngineStatus> {
  readonly engine: EngineName;
  readonly found: boolean;
  readonly enabled: boolean;
  readonly path?: string;
  readonly version?: string;
  /** Why it is not found. */
  readonly reason?: string;
  readonly files: readonly { readonly path: string; readonly state: 'same' | 'changed' | 'missing' }[];
  readonly warnings: readonly string[];
}

export interface RootlessStatus {
  readonly outcome: RootlessOutcome;
  readonly state: string;
  readonly architectures: readonly WantedArchitecture[];
  readonly engines: readonly ReportedEngineStatus[];
  readonly lastFailure?: HookFailure;
  readonly warnings: readonly string[];
}

export function reportedFile({ kind, path, reason, error }: FileAction): ReportedFile {
  return { kind, path, reason, ...(error === undefined ? {} : { error: reportedError(error) }) };
}

/** Of several engines: what failed, and what failed in part. */
export function outcomeOf(engines: readonly ReportedEngine[]): RootlessOutcome {
  const failed = engines.filter(isFailed);
  if (failed.length === 0) return engines.some(isPartial) ? 'partial' : 'ok';
  return failed.length === engines.length ? 'failed' : 'partial';
}

function isFailed({ outcome, ensured }: ReportedEngine): boolean {
  const failed = ensured === undefined ? 0 : failures(ensured);
  return outcome === 'failed' || (failed > 0 && failed === ensured?.architectures.length);
}

function isPartial({ ensured, files, warnings = [] }: ReportedEngine): boolean {
  const isIncomplete = ensured !== undefined && failures(ensured) > 0;
  return isIncomplete || warnings.length > 0 || files.some(({ error }) => error !== undefined);
}

function failures({ architectures }: Ensured): number {
  return architectures.filter(({ outcome }) => outcome === 'failed').length;
}
