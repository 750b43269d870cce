import type { ToolGroup } from '../../src/tool-tree/index.ts';

/** What people build in containers, as a script that any root runs the same. */
export interface Workload {
  /** Also of a directory. */
  readonly name: string;
  readonly title: string;
  /** Groups of tools that it gains from. */
  readonly groups: readonly ToolGroup[];
  /** Debian source packages whose original tarball, and for `debian` also the packaging, is unpacked in the work directory. */
  readonly sources: readonly { readonly package: string; readonly debian?: boolean }[];
  /** Default: `build`. `install` is copied for each run, because the script changes it. */
  readonly root?: 'build' | 'install';
  /** Lines of POSIX sh, run in the work directory, before the time is taken. */
  readonly prepare?: string;
  /** Lines of POSIX sh, run in the work directory. */
  readonly script: string;
  /** The same with less to do, for `--quick`; default: the script. */
  readonly quick?: string;
  /** What is compared, below the work directory or the root. Default: all that is there. */
  readonly compared?: RegExp;
  /** What differs between two emulated runs, too. */
  readonly exceptions?: readonly Exception[];
  /** How much quicker it is to be, in processor time. */
  readonly goal?: number;
}

export interface Exception {
  readonly path: RegExp;
  readonly reason: string;
}
