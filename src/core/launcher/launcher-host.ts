import type { ExecutableIdentity } from './static-executable.ts';
import type { Numbering } from './system-call-numbers.ts';

/** A machine that launchers can be built for. */
export interface LauncherHost {
  /** QEMU's name of the architecture: `x86_64`. */
  readonly name: string;
  /** What `uname -m` prints there. */
  readonly machines: readonly string[];
  readonly identity: ExecutableIdentity;
  /** Carries out the steps that lie in the data segment (`layout.ts`). */
  readonly code: Uint8Array;
  /** Which numbers its system calls have. */
  readonly numbering: Numbering;
  /** s390x's clone(2) takes the child's stack before the flags. */
  readonly cloneStackFirst?: true;
}

/** Bytes of a pointer. */
export function wordSizeOf(host: LauncherHost): 4 | 8 {
  return host.identity.class === 64 ? 8 : 4;
}
