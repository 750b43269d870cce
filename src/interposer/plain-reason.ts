/** Why an emulator is used as it is. */
export interface PlainReason {
  /**
   * - `asked`: `--plain`, or ANYARCH_PLAIN=1
   * - `given`: its path was given: what is named is what runs
   * - `not-served`: no tool set can exist for its target
   * - `no-interposer`: this installation has none for this host
   * - `unpatchable`: the file is built in a way that the interposer cannot be put into
   * - `damaged`: the file is not the one that was verified
   * - `suite-failed`: guests behaved differently under the interposed one
   * - `suite-impossible`: no guest could be run to compare
   * - `not-stored`: it could not be written
   */
  readonly code:
    | 'asked'
    | 'given'
    | 'not-served'
    | 'no-interposer'
    | 'unpatchable'
    | 'damaged'
    | 'suite-failed'
    | 'suite-impossible'
    | 'not-stored';
  /** One clause for people. */
  readonly reason: string;
}

/** Whether somebody who did not ask for it should be told. */
export function isWorthTelling({ code }: PlainReason): boolean {
  return ['unpatchable', 'damaged', 'suite-failed', 'suite-impossible', 'not-stored'].includes(code);
}
