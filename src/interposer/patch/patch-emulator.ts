export interface PatchOptions {
  /** The interposer of the host's architecture: `build/interposer/HOST.bin`. */
  readonly interposer: Uint8Array;
  /** Put behind QEMU's argv[0] when it is started for a program without options of its own: `-cpu`, `max`. */
  readonly arguments: readonly string[];
  /** Whether the guest's byte order is not that of x86_64: then locales other than C are emulated. */
  readonly bigEndian: boolean;
}

/** @throws AnyarchError ANYARCH_EMULATOR_UNPATCHABLE */
export function patchEmulator(_emulator: Uint8Array, _options: PatchOptions): Uint8Array {
  throw new Error('not written yet');
}
