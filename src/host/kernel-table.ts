/** One binfmt_misc instance. Every method throws `SystemError` with the kernel's errno. */
export interface KernelTable {
  /** Where it is mounted, for messages. */
  readonly path: string;
  /** Names of the entries, the newest first (the order in which the kernel matches). */
  list(): string[];
  /** The entry's text as the kernel prints it. */
  read(name: string): string;
  /** The global switch. */
  enabled(): boolean;
  /** One write to `register`. */
  register(rule: Uint8Array): void;
  /** `1` enables, `0` disables, `-1` removes ONE entry. The global switch is never written by anyarch. */
  control(name: string, command: '0' | '1' | '-1'): void;
}

/**
 * - `mounted`: usable
 * - `autofs`: systemd's automount point that nobody has touched yet
 * - `unmounted`: the kernel knows the file system, nothing is mounted
 * - `unsupported`: the kernel does not know the file system (or the module is not loaded)
 */
export type MountState = 'mounted' | 'autofs' | 'unmounted' | 'unsupported';

/** The mount point of the table that is in force for this process. */
export interface BinfmtMisc {
  readonly path: string;
  /** Looks without triggering an autofs. */
  state(): MountState;
  /** Touches the path so that an autofs mounts. */
  trigger(): void;
  /**
   * mount(2); needs CAP_SYS_ADMIN in the namespace. Also tries to load the module first when `unsupported`.
   *
   * @param at default: `path`
   */
  mount(at?: string): void;
  /**
   * Keeps everybody else out who locks this table, in whichever container, until the result is called or this process
   * ends. Not every host can do it.
   *
   * @param at default: `path`
   * @returns undefined while another process has it
   * @throws SystemError where the table cannot be changed either, such as EROFS
   */
  readonly tryLock?: ((at?: string) => (() => void) | undefined) | undefined;
  /**
   * Whether what is mounted is the table of this process's own user namespace, in which it may change it: no ancestor's,
   * whatever the files' owners look like. Changes nothing.
   *
   * @param at default: `path`
   */
  isOwn(at?: string): boolean;
  /** Call only when `mounted`. */
  table(): KernelTable;
}
