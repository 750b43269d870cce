/** Where this comparison's peers are. */
export interface ImageOptions {
  /** tonistiigi/binfmt's program. */
  readonly binfmt: string | undefined;
  /** QEMU's `qemu-binfmt-conf.sh`. */
  readonly qemuScript: string | undefined;
  /** OCI image layouts whose images' sizes are listed, beside those that the comparison builds for this machine. */
  readonly images: readonly string[];
}
