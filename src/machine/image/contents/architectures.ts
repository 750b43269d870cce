import type { ByteSource } from '../../../core/byte-source.ts';
import { listFat } from './fat.ts';
import { readPartitions, type Partition } from './partitions.ts';

export interface ArchitectureSign {
  /** As `MachineDefinition.architecture`. */
  readonly architecture: string;
  /** For people: `a loader for it, EFI/BOOT/BOOTAA64.EFI`. */
  readonly sign: string;
}

/** Types of root and /usr partitions: https://uapi-group.org/specifications/specs/discoverable_partitions_specification/ */
const typesOfArchitectures: Readonly<Record<string, string>> = {
  'B921B045-1DF0-41C3-AF44-4C6F280D3FAE': 'aarch64',
  'B0E01050-EE5F-4390-949A-9101B17104E9': 'aarch64',
  '69DAD710-2CE4-4E3C-B16C-21A1D49ABED3': 'arm',
  '4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709': 'x86_64',
  '8484680C-9521-48C6-9C11-B0720656F69E': 'x86_64',
  '44479540-F297-41B2-9AF7-D131D5F0458A': 'i386',
  '72EC70A6-CF74-40E6-BD49-4BDA08E8F224': 'riscv64',
  '77055800-792C-4F94-B39A-98C91B762BB6': 'loongarch64',
  '700BDA43-7A34-4507-B179-EEB93D7A7CA3': 'mips64el',
  '37C58C8A-D913-4156-A25F-48B1B64E07F0': 'mipsel',
  'C31C45E6-3F39-412E-80FB-4809C4980599': 'ppc64le',
  '5EEAD9A9-FE09-4A1E-A1D7-520D00531306': 's390x',
  // Where GRUB is put for a BIOS, which PCs have.
  '21686148-6449-6E6F-744E-656564454649': 'x86_64',
  // PowerPC Reference Platform's boot partition.
  '9E1A2D38-C612-4316-AA26-8B49521E5A8B': 'ppc64le',
};

/** IMAGE_FILE_HEADER.Machine of the PE format. */
const machines: Readonly<Record<number, string>> = {
  0xaa64: 'aarch64',
  0x8664: 'x86_64',
  0x014c: 'i386',
  0x01c0: 'arm',
  0x01c2: 'arm',
  0x01c4: 'arm',
  0x5064: 'riscv64',
  0x6264: 'loongarch64',
};

/** What tells which architectures a disk is for; none where it tells nothing. Loaders count more than types. */
export function architectureSigns(disk: ByteSource): ArchitectureSign[] {
  const partitions = readPartitions(disk);
  const loaders = partitions.filter(isSystemPartition).flatMap(({ start }) => loadersOf(disk, start));
  if (loaders.length > 0) return loaders;
  return partitions.flatMap(({ type }, index) => {
    const architecture = typesOfArchitectures[type];
    return architecture === undefined
      ? []
      : [{ architecture, sign: `the type of partition ${index + 1}, ${type}` }];
  });
}

function isSystemPartition({ type }: Partition): boolean {
  return type === 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B' || type === 'EF';
}

/** What firmware starts from a disk that it has not seen before (UEFI, 3.5.1.1), whatever the files are called. */
function loadersOf(disk: ByteSource, start: number): ArchitectureSign[] {
  return listFat(disk, start, ['EFI', 'BOOT']).flatMap((file) => {
    const architecture = file.name.endsWith('.EFI') ? machineOf(file.read(4096)) : undefined;
    return architecture === undefined ? [] : [{ architecture, sign: `the loader EFI/BOOT/${file.name}` }];
  });
}

function machineOf(program: Uint8Array): string | undefined {
  if (program.length < 64 || program[0] !== 0x4d || program[1] !== 0x5a) return undefined;
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const header = view.getUint32(60, true);
  if (header + 6 > program.length || view.getUint32(header, true) !== 0x4550) return undefined;
  return machines[view.getUint16(header + 4, true)];
}
