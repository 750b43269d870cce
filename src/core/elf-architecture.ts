import { architectures } from './architecture.ts';
import type { Architecture } from './architecture.ts';
import type { ElfHeader } from './elf-header.ts';

/**
 * The architecture that a program was compiled for; `undefined` when QEMU's user mode has none. Class, byte order,
 * machine and, on mips, the N32 bit of e_flags decide. Not among them: x32 (x86_64 in class 32), aarch64 ILP32,
 * 31-bit s390, little-endian 32-bit ppc.
 *
 * An architecture's rule may still not match the file: `compareMagic(header, architecture)` tells.
 */
export function architectureOfElf(
  header: Pick<ElfHeader, 'class' | 'endianness' | 'machine' | 'flags'>,
): Architecture | undefined {
  return architectures.find(({ elf }) => {
    const isMachine = elf.machine === header.machine || elf.otherMachines.includes(header.machine);
    // `& mask` of an unsigned number is signed: the masks here have no highest bit.
    const hasFlags = (header.flags & elf.flags.mask) === elf.flags.value;
    return isMachine && hasFlags && elf.class === header.class && elf.endianness === header.endianness;
  });
}
