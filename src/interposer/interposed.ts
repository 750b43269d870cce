import type { Emulator, Interposition } from '../emulators/index.ts';
import type { PlainReason } from './plain-reason.ts';

/** What stands for a chosen emulator. */
export interface Interposed {
  /** The interposed one, whose `interposed` is set; with `plain` the chosen one itself. */
  readonly emulator: Emulator;
  readonly plain?: PlainReason;
}

export interface InterposeOptions {
  /** The package's `build/`, which has `interposer/HOST.bin` and `guests/TARGET/`. */
  readonly build: string;
  /** Default `stateDirectory`. */
  readonly state?: string;
  /**
   * It is used for long, by an entry, by tests whose result is kept: what was made is hashed, and where it was no good, or
   * could not be tried, that is tried again. Default false: files are told by size and times.
   */
  readonly lasting?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The emulator with another file. @param path links resolved */
export function interposedEmulator(
  original: Emulator,
  path: string,
  sha256: string,
  interposed: Interposition,
): Emulator {
  return { ...original, path, sha256, linkage: 'static-pie', interposed };
}
