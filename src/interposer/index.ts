import type { Emulator, InterposedOf } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';

/** Why an emulator is used as it is. */
export interface PlainReason {
  /**
   * - `asked`: `--plain`, or ANYARCH_PLAIN=1
   * - `given`: its path was given: what is named is what runs
   * - `not-served`: no tool set can exist for this architecture
   * - `no-interposer`: this installation has none for this host
   * - `unpatchable`: the file is built in a way that the interposer does not understand
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
    | 'suite-failed'
    | 'suite-impossible'
    | 'not-stored';
  /** One clause for people. */
  readonly reason: string;
}

/** What stands for a chosen emulator. */
export interface Interposed {
  /** The interposed one, whose `interposed` is set; with `plain` the chosen one itself. */
  readonly emulator: Emulator;
  readonly plain?: PlainReason;
}

export interface InterposeOptions {
  /** Directory with HOST.bin files; `build/interposer` of the package. */
  readonly interposers: string;
  /** Default `stateDirectory`. */
  readonly state?: string;
  readonly signal?: AbortSignal;
}

/**
 * The interposed twin of an emulator that was made and proven before, or the reason recorded why there is none;
 * undefined where nothing is known yet. A few system calls: for `run`.
 */
export function findInterposed(
  _host: Pick<Host, 'files' | 'system'>,
  _emulator: Emulator,
  _options: InterposeOptions,
): Interposed | undefined {
  return undefined;
}

/**
 * The interposed twins of emulators, made and proven where that was not done before. Never throws for what concerns one
 * emulator: then that one stays as it is, with the reason.
 */
export async function interpose(
  host: Host,
  emulators: readonly Emulator[],
  _options: InterposeOptions,
): Promise<readonly Interposed[]> {
  return await Promise.resolve(emulators.map((emulator) => ({ emulator })));
}

/** For `register` and its like, which choose synchronously. */
export function interposedOf(interposed: readonly (readonly [Emulator, Interposed])[]): InterposedOf {
  const byPath = new Map(interposed.map(([chosen, { emulator }]) => [chosen.path, emulator]));
  return (emulator) => byPath.get(emulator.path) ?? emulator;
}
