import type { Host } from '../host/host.ts';

/** How the image was called. The environment is `host.system.environment`. */
export interface DialectCall {
  readonly host: Host;
  /** The words behind the image's name. */
  readonly words: readonly string[];
  /** anyarch's version, for `--version`. */
  readonly version: string;
  /** For what goes on and on; not where everything is printed in the end. */
  readonly live?: Live | undefined;
}

/** The outside of a program that is at work for long. */
export interface Live {
  /** To standard output, at once. @throws SystemError EPIPE when nobody reads any more */
  print(text: string): void;
  /** At most so many milliseconds; `stop` and `reread`: somebody's signal, also one that came before. */
  wait(ms: number): 'elapsed' | 'stop' | 'reread';
}

/** What is printed, and how it ends. */
export interface DialectOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line of a predecessor's image. */
export type Dialect = (call: DialectCall) => DialectOutcome;
