/** One command whose outputs must be the same emulated and native. */
export interface SelfTest {
  /** Absolute path of the guest's program and its arguments. */
  readonly command: readonly string[];
  /** Files that it finds in its working directory, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Files that it makes and that are compared, beside what it prints and how it ends. */
  readonly outputs?: readonly string[];
  /** Packages of the guest that are unpacked whole for it: headers, start files. */
  readonly packages?: readonly string[];
}
