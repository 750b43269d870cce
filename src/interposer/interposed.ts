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
  /** Try again what could not be tried before: somebody may have allowed it. */
  readonly tryAgain?: boolean;
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
