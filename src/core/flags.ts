/** The flags of a rule (Documentation/admin-guide/binfmt-misc.rst). */
export interface Flags {
  /** F: the interpreter is opened at registration and its inode stays pinned; containers need no copy of it. */
  readonly fixBinary: boolean;
  /** C: credentials come from the program, so setuid works. The kernel then sets O as well. */
  readonly credentials: boolean;
  /** O: the program is passed as an open descriptor. */
  readonly openBinary: boolean;
  /** P: argv[0] is preserved. */
  readonly preserveArgv0: boolean;
}
