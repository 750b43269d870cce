import type { Files } from './files.ts';
import type { BinfmtMisc } from './kernel-table.ts';
import type { Executor, Processes } from './processes.ts';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds from an arbitrary start, never going back. */
  monotonic(): number;
  /** Blocks for that many milliseconds. */
  sleep(ms: number): void;
}

/** Progress and warnings for people (stderr). Results are returned, not logged. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** What this process is and where it runs; read once. */
export interface System {
  readonly uid: number;
  readonly gid: number;
  readonly pid: number;
  /** Root of a user namespace, whose user the system's own directories do not belong to. */
  readonly isForeignRoot?: boolean | undefined;
  /** `uname -m`. */
  readonly machine: string;
  /** `uname -r`. */
  readonly kernelRelease: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home directory by the user database, which counts where HOME is unset; read only then. */
  readonly home?: string | undefined;
  /** The user's login name by the user database; undefined for one that it does not know. */
  readonly userName?: string | undefined;
  /** What this process was started as, with anyarch's version, on one line: for records. */
  readonly command?: string | undefined;
  /**
   * The files of the system that the kernel's table belongs to. Unset: those that we see ourselves. In a container:
   * the directory that they are seen below, or `hidden` where they are not.
   */
  readonly hostFiles?: { readonly below: string } | 'hidden' | undefined;
}

/** The port to the operating system. Features take the parts that they need as an argument. */
export interface Host {
  readonly files: Files;
  readonly processes: Processes;
  readonly executor: Executor;
  readonly binfmt: BinfmtMisc;
  readonly clock: Clock;
  readonly log: Log;
  readonly system: System;
}
