/** What the contenders of this comparison share. */
export interface Stage {
  /** For files of the comparison; removed afterwards. */
  readonly scratch: string;
  /** The arm64 emulator that all of them use. */
  readonly emulator: string;
  /** Debian's static arm64 busybox as a root file system, and as an archive of an image. */
  readonly root: string;
  readonly image: { readonly file: string; readonly reference: string };
  /** Why arm64 programs do not run by the host's table; undefined when they do. */
  readonly unregistered: string | undefined;
}
