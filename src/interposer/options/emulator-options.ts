import { compareQemuVersions } from '../../core/version.ts';

/** Words that an emulator is to be given wherever it runs, without anything in the guest's environment. */
export interface EmulatorOption {
  /** QEMU's target name. */
  readonly target: string;
  /** `uname -m` of the hosts that need it; all when left out. */
  readonly machines?: readonly string[];
  /** The first version that needs it. */
  readonly from?: string;
  /** The first version that does without. */
  readonly below?: string;
  /** As on QEMU's command line; a variable such as QEMU_CPU that a user sets wins. */
  readonly words: readonly string[];
  /** One sentence. */
  readonly reason: string;
  readonly reference: string;
}

export const emulatorOptions: readonly EmulatorOption[] = [
  {
    target: 'aarch64',
    // The property came with 6.0 (target/arm/cpu64.c); 10.0 made it the default of `max`.
    from: '6.0',
    below: '10.0',
    words: ['-cpu', 'max,pauth-impdef=on'],
    reason:
      'pointer authentication, which Debian 13 and Ubuntu 24.04 are compiled with, is computed by a slow cipher (QARMA5): about eight times slower; the features that guests see stay the same',
    reference: 'https://github.com/docker-library/python/issues/1072',
  },
  {
    target: 'x86_64',
    machines: ['aarch64'],
    from: '10.2',
    below: '10.3',
    words: ['-B', '0x800000000000'],
    reason:
      'mimalloc (nix, uv) crashes at start where guest addresses lie below 47 bits as QEMU lays them out; hosts whose address space is smaller fail the suite with it, and go without',
    reference: 'https://github.com/NixOS/nix/issues/16184',
  },
];

/**
 * What an emulator of that version is to be given on a host.
 *
 * @param target QEMU's name
 * @param machine `uname -m`
 */
export function wordsFor(target: string, version: string, machine: string): readonly string[] {
  return emulatorOptions
    .filter(
      (one) =>
        one.target === target &&
        (one.machines?.includes(machine) ?? true) &&
        (one.from === undefined || compareQemuVersions(version, one.from) >= 0) &&
        (one.below === undefined || compareQemuVersions(version, one.below) < 0),
    )
    .flatMap(({ words }) => words);
}
