import type { Architecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';

/** One architecture that every private table of this user is to have. */
export interface WantedArchitecture {
  /** QEMU's target name. */
  readonly architecture: string;
  /** The entry's. */
  readonly name: string;
  /** The text that is written to `register`. */
  readonly rule: string;
  readonly emulator: {
    /** Absolute; the rule's interpreter. */
    readonly path: string;
    readonly version: string;
    /** Lower-case hexadecimal. */
    readonly sha256: string;
  };
}

/** What every private table of this user is to have. */
export interface WantedTable {
  readonly schema: 1;
  readonly architectures: readonly WantedArchitecture[];
  /** ISO 8601; for people only, nothing is decided by it. */
  readonly at: string;
  /** The command line that it was made by. */
  readonly by: string;
}

export function wantedTablePathIn(state: string): string {
  return `${state}/rootless.json`;
}

/** What is recorded of an architecture: its rule is the one that `tableRules` makes. */
export function wantedArchitecture(
  architecture: Architecture,
  emulator: WantedArchitecture['emulator'] & { readonly preservesArgv0: boolean },
): WantedArchitecture {
  throw new Error(`not yet: ${architecture.name} ${emulator.path}`);
}

/**
 * Undefined where nothing is wanted.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID; the file stays as it is
 */
export function readWantedTable(host: Pick<Host, 'files'>, state: string): WantedTable | undefined {
  throw new Error(`not yet: ${host.files.resolve(state)}`);
}

/** The former document stays until the new one is complete. @throws SystemError */
export function recordWantedTable(host: Pick<Host, 'files'>, state: string, wanted: WantedTable): void {
  throw new Error(`not yet: ${host.files.resolve(state)} ${wanted.by}`);
}

/** Nothing there is fine. */
export function forgetWantedTable(host: Pick<Host, 'files'>, state: string): void {
  throw new Error(`not yet: ${host.files.resolve(state)}`);
}
