import type { ReportedError } from '../registration/index.ts';

export interface EnsuredArchitecture {
  /** QEMU's target name. */
  readonly architecture: string;
  /** `host`: runs without a table of ours. */
  readonly outcome: 'added' | 'kept' | 'host' | 'failed';
  readonly error?: ReportedError;
}

/** What `ensurePrivateTable` found and did. */
export interface Ensured {
  /** `none`: nothing was mounted, the host's table (or the kernel itself) handles all that is wanted. */
  readonly table: 'made' | 'kept' | 'none';
  readonly architectures: readonly EnsuredArchitecture[];
  /** Names of the host's entries that are in the table that was made. */
  readonly copied: readonly string[];
  /** The host's entries that are hidden by it. */
  readonly notCopied: readonly { readonly name: string; readonly reason: string }[];
}

/** What `emptyPrivateTable` did. */
export interface Emptied {
  /** `none`: there is no private table here. */
  readonly table: 'kept' | 'none';
  /** Names of our entries that were there. */
  readonly removed: readonly string[];
  readonly failed: readonly { readonly name: string; readonly error: ReportedError }[];
}
