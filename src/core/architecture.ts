/** What a program was compiled for, with all its names. */
export interface Architecture {
  /** QEMU's target name and the primary key: `aarch64`. */
  readonly name: string;
  /** OCI platforms, canonical first: arm has `linux/arm/v7`, `linux/arm/v6`, … Empty where Go has no name. */
  readonly platforms: readonly string[];
  /** Debian architectures, canonical first: arm has `armhf`, `armel`. */
  readonly debian: readonly string[];
  /** What `uname -m` prints under this architecture, QEMU's own value first: arm has `armv7l`, `armv6l`, `armv5tel`. */
  readonly machines: readonly string[];
  /** GNU triplets without a vendor, canonical first. */
  readonly triplets: readonly string[];
  /** Further spellings that people type. */
  readonly aliases: readonly string[];
  /** QEMU's family (qemu-binfmt-conf.sh): an architecture is not registered on a host of its own family unless asked. */
  readonly family: string;
  readonly elf: ElfIdentity;
  /** The bytes that a program's first bytes are compared with. */
  readonly magic: Uint8Array;
  /** Which bits of them count. As long as `magic`. */
  readonly mask: Uint8Array;
  /** Where `magic` stands in the file, in bytes. */
  readonly offset: number;
}

/** What an ELF header of an architecture looks like. */
export interface ElfIdentity {
  readonly class: 32 | 64;
  readonly endianness: 'little' | 'big';
  /** e_machine, the value that the rule's magic tests. */
  readonly machine: number;
  /** e_machine values that QEMU runs too but that the rule does not match. */
  readonly otherMachines: readonly number[];
  /** `e_flags & mask === value` in programs of this architecture. */
  readonly flags: { readonly mask: number; readonly value: number };
}

/** All of them, ordered by name. */
export const architectures: readonly Architecture[] = [];

/**
 * The architecture of any name of any kind and case: `arm64`, `linux/arm64/v8`, `arm/v7`, `aarch64-linux-gnu`.
 *
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE with a hint that names the nearest one.
 */
export function findArchitecture(name: string): Architecture {
  throw new Error(`not written yet: ${name}`);
}

/** Like `findArchitecture`, but `undefined` for an unknown name. */
export function lookUpArchitecture(name: string): Architecture | undefined {
  return architectures.find((architecture) => architecture.name === name);
}
