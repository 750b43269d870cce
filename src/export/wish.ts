/** For which program the files are. */
export type ExportForm = 'systemd' | 'debian';

export interface ExportWish {
  readonly form: ExportForm;
  /** Names of any kind; `all`: everything that there is an emulator for. */
  readonly architectures: readonly string[] | 'all';
  /** Of the machine that is to read the files, any name; undefined: this one. */
  readonly hostArchitecture: string | undefined;
  /** Also architectures of that machine's own family, but never its own. */
  readonly ownFamily: boolean;
  /** Which emulator of this machine; see `chooseEmulator`. */
  readonly qemu: string | undefined;
  /** Where the emulators will be, whether they are there now or not; undefined: those of this machine. */
  readonly interpreters: { readonly directory: string; readonly suffix: string } | undefined;
  /** Flag C, which brings O along. */
  readonly credentials: boolean;
  /** Flag F. */
  readonly fixBinary: boolean;
  /** Flag O without C. */
  readonly openBinary: boolean;
  /** Flag P. `auto`: unless the emulator is known to be too old for it. */
  readonly preserveArgv0: boolean | 'auto';
  /** With flag C, take emulators that others than root can replace. */
  readonly force: boolean;
}

/** A file for systemd-binfmt or update-binfmts. */
export interface ExportedFile {
  /** QEMU's target name. */
  readonly architecture: string;
  readonly interpreter: string;
  readonly fileName: string;
  /** What it says, without our mark. */
  readonly body: string;
}

export interface LeftOut {
  readonly architecture: string;
  readonly why: 'own-family' | 'no-emulator';
}

export interface ExportPlan {
  /** Ordered by architecture. */
  readonly files: readonly ExportedFile[];
  readonly leftOut: readonly LeftOut[];
  /** What will not work as it is, one clause each. */
  readonly warnings: readonly string[];
}
