import type { FileAction } from '../installed-files/index.ts';
import type { RegistrationReport, ReportedError } from '../registration/index.ts';
import type { InitName } from './init/init-name.ts';

/** What became of one file; `--json` shows errors as data. */
export interface ReportedFile {
  readonly kind: FileAction['kind'];
  readonly path: string;
  readonly reason: string;
  readonly saved: string | undefined;
  readonly error: ReportedError | undefined;
}

export interface ReportedArchitecture {
  /** QEMU's target name. */
  readonly architecture: string;
  /**
   * With `dryRun` what would become of it. `enabled`: registered at each boot from now on; `kept`: it was before;
   * `overruled`: it is registered at each boot, and another one is then in force, see `error`; `disabled`: not any more;
   * `absent`: it was not; `failed`: see `error`.
   */
  readonly outcome: 'enabled' | 'kept' | 'overruled' | 'disabled' | 'absent' | 'failed';
  /** The entry's name. */
  readonly name: string | undefined;
  readonly rule: string | undefined;
  readonly emulator: { readonly path: string; readonly version: string; readonly sha256: string } | undefined;
  readonly error: ReportedError | undefined;
}

export interface PersistReport {
  /** `partial`: some architectures failed, or are overruled, each with its error. */
  readonly outcome: 'ok' | 'partial' | 'failed';
  readonly dryRun: boolean;
  /** Undefined when nothing was persisted. */
  readonly init: InitName | undefined;
  readonly architectures: readonly ReportedArchitecture[];
  readonly files: readonly ReportedFile[];
  /** What was done to the table now. */
  readonly registrations: readonly RegistrationReport[];
  /** What is good to know, one sentence each. */
  readonly notes: readonly string[];
}

export function outcomeOf(architectures: readonly ReportedArchitecture[]): PersistReport['outcome'] {
  const failed = architectures.filter(({ outcome }) => outcome === 'failed').length;
  if (failed === 0) return architectures.some(({ outcome }) => outcome === 'overruled') ? 'partial' : 'ok';
  return failed === architectures.length ? 'failed' : 'partial';
}

export function reportedFile({ kind, path, reason, saved, error }: FileAction): ReportedFile {
  return {
    kind,
    path,
    reason,
    saved,
    error: error === undefined ? undefined : { code: error.code, message: error.message, hint: error.hint },
  };
}

export function reportedArchitecture(
  architecture: string,
  outcome: ReportedArchitecture['outcome'],
  details: Partial<ReportedArchitecture> = {},
): ReportedArchitecture {
  return {
    name: undefined,
    rule: undefined,
    emulator: undefined,
    error: undefined,
    ...details,
    architecture,
    outcome,
  };
}
