import { knownNames, rowOfName } from './architecture-names.ts';
import { architectureTable, ruleMasks } from './architecture-table.ts';
import type { ArchitectureRow } from './architecture-table.ts';
import { AnyarchError } from './error.ts';
import { fromHex } from './hex.ts';
import { suggest } from './suggest.ts';
import { quote } from './text.ts';

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

const masks = new Map<string, Uint8Array>();

/** All of them, ordered by name. */
export const architectures: readonly Architecture[] = architectureTable.map(fromRow);

const byName = new Map<string, Architecture>();

/**
 * The architecture of any name of any kind and case: `arm64`, `linux/arm64/v8`, `arm/v7`, `aarch64-linux-gnu`.
 *
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE with a hint that names the nearest one.
 */
export function findArchitecture(name: string): Architecture {
  const architecture = lookUpArchitecture(name);
  if (architecture !== undefined) return architecture;
  const nearest = suggest(name.toLowerCase().slice(0, 100), knownNames());
  const known = `known: ${architectures.map((one) => one.name).join(', ')}; Docker's, Debian's and uname's names work too`;
  throw new AnyarchError('ANYARCH_UNKNOWN_ARCHITECTURE', `unknown architecture ${quote(name, 40)}`, {
    hint: nearest === undefined ? known : `did you mean ${nearest}?`,
    details: { name: name.slice(0, 100), ...(nearest === undefined ? {} : { suggestion: nearest }) },
  });
}

/** Like `findArchitecture`, but `undefined` for an unknown name. */
export function lookUpArchitecture(name: string): Architecture | undefined {
  if (byName.size === 0)
    for (const architecture of architectures) byName.set(architecture.name, architecture);
  const row = rowOfName(name);
  return row && byName.get(row.name);
}

/** Whether QEMU's own script would take the two for one: an architecture of the host's family may run natively. */
export function sameFamily(a: Architecture, b: Architecture): boolean {
  return a.family === b.family;
}

/** What is made of a row is made when it is asked for: every start of the image's program would pay for all of it. */
function fromRow(row: ArchitectureRow): Architecture {
  const { name, family, platforms, debian, machines, triplets, aliases } = row;
  const elf: ElfIdentity = {
    class: row.class,
    endianness: row.endianness,
    machine: row.machine,
    otherMachines: row.otherMachines ?? [],
    flags: row.flags ?? { mask: 0, value: 0 },
  };
  let magic: Uint8Array | undefined;
  return {
    name,
    platforms,
    debian,
    machines,
    triplets,
    aliases,
    family,
    elf,
    get magic() {
      return (magic ??= magicOf(elf));
    },
    get mask() {
      return maskOf(row.mask);
    },
    offset: 0,
  };
}

/** Rows share few masks. */
function maskOf(name: ArchitectureRow['mask']): Uint8Array {
  const mask = masks.get(name) ?? fromHex(ruleMasks[name]) ?? new Uint8Array();
  masks.set(name, mask);
  return mask;
}

/** The first bytes of an executable: up to e_machine, or up to e_flags (a 32-bit header) where these are tested. */
function magicOf(elf: ElfIdentity): Uint8Array {
  const testsFlags = elf.flags.mask !== 0;
  const magic = new Uint8Array(testsFlags ? 40 : 20);
  const view = new DataView(magic.buffer);
  const little = elf.endianness === 'little';
  magic.set([0x7f, 0x45, 0x4c, 0x46, elf.class / 32, little ? 1 : 2, 1]);
  view.setUint16(16, 2, little);
  view.setUint16(18, elf.machine, little);
  if (testsFlags) {
    view.setUint32(20, 1, little);
    view.setUint32(36, elf.flags.value, little);
  }
  return magic;
}
