import type { Emulated } from '../../private-table/index.ts';
import type { Tool } from '../tool.ts';

export interface TestedTool {
  readonly tool: Tool;
  /** Absolute path in the guest: `/usr/bin/make`. */
  readonly guestPath: string;
  /** What must be executed for it: `/dev/.anyarch/abc234/bin/make`. */
  readonly native: string;
}

export interface SelfTestInput {
  /** What runs the guest: an emulator with the interposer. */
  readonly emulated: Emulated;
  /**
   * A guest made of the verified packages, usr-merged: /bin/sh, coreutils, the programs, their libraries, `testPackages`. Not
   * written to.
   */
  readonly guestRoot: string;
  /** A whole tool tree, not installed yet, with the recipes of this guest: what containers see as /dev/.anyarch. Meanwhile it has the socket `log`. */
  readonly tree: string;
  readonly tools: readonly TestedTool[];
  /** An existing directory of ours for what the runs need; left as it was. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

export interface SelfTestResult {
  /** The tool's name. */
  readonly name: string;
  /**
   * Only `same` may be used. `different`: an output was not; `emulated`: it was not substituted, so equal outputs prove nothing; `failed`: a run came to
   * no end; `untested`: it has no test.
   */
  readonly outcome: 'same' | 'different' | 'emulated' | 'failed' | 'untested';
  readonly detail?: string | undefined;
  /** How often the native program was executed. */
  readonly executions?: number | undefined;
  /** Milliseconds that all of its lines took, with the other programs in them. */
  readonly emulatedMs?: number | undefined;
  readonly nativeMs?: number | undefined;
  /** Milliseconds of its first line, which does next to nothing. */
  readonly startUp?: { readonly emulatedMs: number; readonly acceleratedMs: number } | undefined;
}
