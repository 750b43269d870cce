import type { LeftOutTool } from '../plan/plan-tools.ts';
import type { ToolGroup } from '../tool.ts';

export interface PreparedTool {
  readonly name: string;
  /** In the guest. */
  readonly guestPath: string;
  /** Packages with their versions: `make 4.4.1-2`. */
  readonly guestPackage: string;
  readonly hostPackage: string;
  /** Milliseconds that its tests took; undefined where nothing was tested now. */
  readonly emulatedMs?: number | undefined;
  readonly nativeMs?: number | undefined;
}

export interface PreparedSet {
  readonly group: ToolGroup;
  /** Undefined where nothing was made: planned only, or everything was left out. */
  readonly set: string | undefined;
  /** Debian's name, or `any`. */
  readonly guestArchitecture: string;
  /** `reused`: the set was there, made for another guest. */
  readonly outcome: 'made' | 'reused' | 'present' | 'planned' | 'nothing';
  /** Bytes. */
  readonly bytes: number;
  readonly tools: readonly PreparedTool[];
  readonly leftOut: readonly LeftOutTool[];
}

export interface PrepareReport {
  /** The tool tree. */
  readonly directory: string;
  readonly guest: { readonly name: string; readonly architecture: string; readonly suite: string };
  readonly mirrors: readonly string[];
  /** Suites of updates that no mirror has. */
  readonly missingSuites: readonly string[];
  readonly sets: readonly PreparedSet[];
  /** Tools whose packages the guest has not. */
  readonly absent: readonly string[];
}
