import type { Symptom } from './symptom.ts';

/** How bad a fault is: `error`: something does not work; `warning`: it will not, or only by luck; `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

/**
 * How sure it is that this fault is what is seen: `proven`: shown for the very file, image or architecture that was asked about, by
 * executing or by what the kernel says; `likely`: it is there, and explains it; `possible`: it is there, and may explain it.
 */
export type Certainty = 'proven' | 'likely' | 'possible';

/** What makes a fault go away. */
export interface Remedy {
  /** One clause, beginning with a verb: `register arm64's emulator`. */
  readonly does: string;
  /** An argument vector, to be typed as it is. Undefined where no command does it: `update the kernel to 6.7 or later`. */
  readonly command?: readonly string[];
  /**
   * `anyarch`: a command of ours that changes nothing but what is ours: `--fix` may run it; `user`: it is printed only.
   */
  readonly by: 'anyarch' | 'user';
  /** That the command has to be run by root of the machine, or of the namespace that is looked at. */
  readonly needsRoot?: boolean;
}

export type Verdict =
  | { readonly status: 'ok'; readonly evidence: readonly string[] }
  | Fault
  /** It does not apply: no image was named, the engine is not here, something before it failed. */
  | { readonly status: 'skipped'; readonly reason: string }
  /** It could not be found out, and why. */
  | { readonly status: 'unknown'; readonly reason: string };

export interface Fault {
  readonly status: 'fault';
  readonly severity: Severity;
  readonly certainty: Certainty;
  /** What is wrong, one clause with names and paths. */
  readonly summary: string;
  /** What was looked at and found: a line each, with path and value. */
  readonly evidence: readonly string[];
  /** The best first; at least one. */
  readonly remedies: readonly [Remedy, ...Remedy[]];
  /** QEMU's target names of the architectures that it concerns; absent: all. */
  readonly architectures?: readonly string[];
  /** Of this finding, where they are others than the check's: as a certain errno brings. */
  readonly symptoms?: readonly Symptom[];
  /** Where it is written down: an issue thread, a manual. */
  readonly references?: readonly string[];
}
