import type { RuntimeName } from './runtime-name.ts';
import type { VersionRange } from './version-range.ts';

/**
 * What a combination does to guests: `crash`: a signal ends the guest or the emulator; `hang`: it makes no progress; `failure`: a system
 * call or a step of the program fails; `slow`; `wrong`: it ends well with a wrong result; `unsupported`: it was never meant to work.
 */
export type Effect = 'crash' | 'hang' | 'failure' | 'slow' | 'wrong' | 'unsupported';

/**
 * How far an advisory can be trusted: `measured`: seen by ourselves on a real kernel; `confirmed`: said by the maintainers of one side,
 * or fixed by a change that is named; `reported`: by several users, with the same symptom; `disputed`: reports disagree about the cause or about
 * the version that has the fix.
 */
export type Confidence = 'measured' | 'confirmed' | 'reported' | 'disputed';

/** A combination of emulator, host and guest that is known to go wrong. Data: docs/advisories.md is made from it. */
export interface Advisory {
  /** Stable: `go-pidfd-einval`. */
  readonly id: string;
  /** One clause: `programs of Go 1.23 cannot start others`. */
  readonly title: string;
  readonly effect: Effect;
  /** What people see, with the words of the message. */
  readonly seen: string;
  /** Texts by one of which it shows itself in what is printed; absent where nothing is typical. */
  readonly says?: readonly RegExp[];
  /** Why, as far as it is known. */
  readonly cause?: string;
  readonly applies: Conditions;
  /** What helps; the best first. Empty where nothing is known. */
  readonly workarounds: readonly Workaround[];
  readonly confidence: Confidence;
  /** Issue threads, changes, manuals. */
  readonly references: readonly [string, ...string[]];
}

/** All that are given have to hold. */
export interface Conditions {
  /** `user`: a program under QEMU's user mode; `system`: a machine. Default: `user`. */
  readonly mode?: 'user' | 'system';
  /** QEMU's own version; one of the ranges. */
  readonly emulator?: readonly VersionRange[];
  readonly build?: BuildConditions;
  /** QEMU's target names of what the host is. */
  readonly hosts?: readonly string[];
  /** QEMU's target names of what the guest was compiled for. */
  readonly guests?: readonly string[];
  /** One of them is in the guest. */
  readonly runtimes?: readonly RuntimeCondition[];
  /** The host's kernel. */
  readonly kernel?: VersionRange;
}

export interface BuildConditions {
  readonly linkage?: 'static' | 'static-pie' | 'dynamic';
  readonly libc?: 'glibc' | 'musl';
  /** Built by Debian, or by a distribution that takes its package. */
  readonly byDebian?: boolean;
}

export interface RuntimeCondition {
  readonly name: RuntimeName;
  readonly versions?: readonly VersionRange[];
}

export interface Workaround {
  /** One clause, beginning with a verb. */
  readonly does: string;
  /** Variables for the guest: `GODEBUG=asyncpreemptoff=1`; QEMU's own, which start with `QEMU_`, are set in the same way. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The version of QEMU that it takes. */
  readonly emulator?: VersionRange;
}
