import type { Rule } from '../../src/index.ts';
import type { Library } from '../library.ts';

/** What the contenders of this comparison share. */
export interface Stage {
  /** The built library; its types are the sources'. */
  readonly library: Library;
  /** For files of the comparison; removed afterwards. */
  readonly scratch: string;
  /** What anyarch registers: the others are given the same. */
  readonly rules: readonly Rule[];
  /** QEMU's `qemu-binfmt-conf.sh`. */
  readonly qemuScript: string | undefined;
}
