import type { Host } from '../host/host.ts';

/** How the image was called. The environment is `host.system.environment`. */
export interface DialectCall {
  readonly host: Host;
  /** The words behind the image's name. */
  readonly words: readonly string[];
  /** anyarch's version, for `--version`. */
  readonly version: string;
}

/** What is printed, and how it ends. */
export interface DialectOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line of a predecessor's image. */
export type Dialect = (call: DialectCall) => DialectOutcome;
