import type { BuildConditions } from './advisory.ts';
import type { RuntimeName } from './runtime-name.ts';

/** What is run by what, as far as it is known: whatever is undefined may be anything. */
export interface Situation {
  /** Default: `user`. */
  readonly mode?: 'user' | 'system' | undefined;
  readonly emulator?: EmulatorFacts | undefined;
  /** QEMU's target name, or `uname -m`. */
  readonly host?: string | undefined;
  /** QEMU's target name, or any other of it. */
  readonly guest?: string | undefined;
  /** All that were found in the guest. Undefined: nobody looked. */
  readonly runtimes?: readonly GuestRuntime[] | undefined;
  /** `uname -r` */
  readonly kernelRelease?: string | undefined;
}

export interface EmulatorFacts {
  /** QEMU's: `11.1.3`. */
  readonly version?: string | undefined;
  readonly linkage?: BuildConditions['linkage'] | undefined;
  readonly libc?: BuildConditions['libc'] | undefined;
  readonly byDebian?: boolean | undefined;
}

export interface GuestRuntime {
  readonly name: RuntimeName;
  /** `1.23.1`; undefined: it could not be told. */
  readonly version: string | undefined;
  /** Where it was seen: `/usr/local/bin/node`. */
  readonly path: string;
}
