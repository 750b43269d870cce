/** What a tool is tested with before it is used: commands whose outcome must be the same emulated and native. */
export interface SelfTest {
  /**
   * Lines of POSIX sh. The guest's /bin/sh reads each in an empty directory of its own, `$IN` is the directory of the inputs (inputs.ts).
   * What a line prints, its exit code and every file that it leaves are compared; it may use other programs, too.
   */
  readonly lines: readonly string[];
  /** Packages of the guest that are unpacked whole for them: headers, start files. Patterns as in `Tool`. */
  readonly packages?: readonly string[];
}
