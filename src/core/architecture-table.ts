/**
 * One row of the table. To add an architecture: add a row in the order of names, and its rule to
 * test/data/ with a note where it comes from.
 */
export interface ArchitectureRow {
  readonly name: string;
  readonly family: string;
  readonly class: 32 | 64;
  readonly endianness: 'little' | 'big';
  /** e_machine (elf.h). */
  readonly machine: number;
  readonly otherMachines?: readonly number[];
  /** e_flags that tell this architecture from another with the same e_machine; the rule tests them. */
  readonly flags?: { readonly mask: number; readonly value: number };
  readonly mask: keyof typeof ruleMasks;
  readonly platforms: readonly string[];
  readonly debian: readonly string[];
  readonly machines: readonly string[];
  readonly triplets: readonly string[];
  readonly aliases: readonly string[];
}

/**
 * Masks of QEMU's scripts/qemu-binfmt-conf.sh as Debian ships them in 11.1, over the first bytes of the file:
 * e_ident (16 bytes, OS ABI at 7, ABI version at 8), e_type (the mask takes ET_EXEC and ET_DYN), e_machine.
 * - any…: any OS ABI; linux…: only the OS ABIs 0 to 3 (System V, HP-UX, NetBSD, GNU)
 * - x86: does not compare the lowest bit of byte order and version, which the kernel of old never set right
 * - mips…: any ABI version; the 32-bit ones go on to e_version and the N32 bit of e_flags
 * - ppc64le: e_machine's high byte is not compared
 */
export const ruleMasks = {
  anyLittle: 'ffffffffffffff00fffffffffffffffffeffffff',
  anyBig: 'ffffffffffffff00fffffffffffffffffffeffff',
  linuxLittle: 'fffffffffffffffcfffffffffffffffffeffffff',
  linuxBig: 'fffffffffffffffcfffffffffffffffffffeffff',
  x86: 'fffffffffffefefcfffffffffffffffffeffffff',
  loongarch: 'fffffffffffffffc00fffffffffffffffeffffff',
  ppc64le: 'fffffffffffffffcfffffffffffffffffeffff00',
  mips64Little: 'ffffffffffffff0000fffffffffffffffeffffff',
  mips64Big: 'ffffffffffffff0000fffffffffffffffffeffff',
  mips32Little: 'ffffffffffffff0000fffffffffffffffeffffffffffffff00000000000000000000000020000000',
  mips32Big: 'ffffffffffffff0000fffffffffffffffffeffffffffffff00000000000000000000000000000020',
} as const;

/** EF_MIPS_ABI2: set in N32 programs, clear in O32 programs. */
const n32 = 0x20;

// One line for what the rule says, one for each kind of name.
// prettier-ignore
export const architectureTable: readonly ArchitectureRow[] = [
  {
    name: 'aarch64', family: 'arm', class: 64, endianness: 'little', machine: 183, mask: 'anyLittle',
    platforms: ['linux/arm64', 'linux/arm64/v8', 'linux/arm64/v9'],
    debian: ['arm64'],
    machines: ['aarch64'],
    triplets: ['aarch64-linux-gnu'],
    aliases: ['armv8', 'arm64v8'],
  },
  {
    name: 'aarch64_be', family: 'armeb', class: 64, endianness: 'big', machine: 183, mask: 'anyBig',
    platforms: ['linux/arm64be'],
    debian: [],
    machines: ['aarch64_be'],
    triplets: ['aarch64_be-linux-gnu'],
    aliases: ['arm64_be', 'aarch64be'],
  },
  {
    name: 'alpha', family: 'alpha', class: 64, endianness: 'little', machine: 0x9026, mask: 'anyLittle',
    platforms: [],
    debian: ['alpha'],
    machines: ['alpha'],
    triplets: ['alpha-linux-gnu'],
    aliases: [],
  },
  {
    name: 'arm', family: 'arm', class: 32, endianness: 'little', machine: 40, mask: 'anyLittle',
    platforms: ['linux/arm/v7', 'linux/arm/v6', 'linux/arm/v5', 'linux/arm/v8', 'linux/arm'],
    debian: ['armhf', 'armel'],
    machines: ['armv7l', 'armv6l', 'armv5tel', 'armv5tejl', 'armv8l'],
    triplets: ['arm-linux-gnueabihf', 'arm-linux-gnueabi'],
    aliases: ['armv7', 'armv6', 'armv5', 'armv7hf', 'armv7a', 'arm32', 'arm32v7', 'arm32v6', 'arm32v5'],
  },
  {
    name: 'armeb', family: 'armeb', class: 32, endianness: 'big', machine: 40, mask: 'anyBig',
    platforms: ['linux/armbe'],
    debian: ['armeb'],
    machines: ['armv7b', 'armv6b', 'armv5teb', 'armv8b'],
    triplets: ['armeb-linux-gnueabihf', 'armeb-linux-gnueabi'],
    aliases: ['arm_be'],
  },
  {
    name: 'hexagon', family: 'hexagon', class: 32, endianness: 'little', machine: 164, mask: 'anyLittle',
    platforms: [],
    debian: [],
    machines: ['hexagon'],
    triplets: ['hexagon-linux-gnu'],
    aliases: ['qdsp6'],
  },
  {
    name: 'hppa', family: 'hppa', class: 32, endianness: 'big', machine: 15, mask: 'anyBig',
    platforms: [],
    debian: ['hppa'],
    machines: ['parisc', 'parisc64'],
    triplets: ['hppa-linux-gnu'],
    aliases: ['parisc32', 'pa-risc'],
  },
  {
    // 6 (EM_486) is what QEMU's table has a second rule for; no compiler writes it any more.
    name: 'i386', family: 'i386', class: 32, endianness: 'little', machine: 3, otherMachines: [6], mask: 'x86',
    platforms: ['linux/386'],
    debian: ['i386'],
    machines: ['i686', 'i586', 'i486', 'i386'],
    triplets: ['i686-linux-gnu', 'i386-linux-gnu', 'i586-linux-gnu', 'i486-linux-gnu'],
    aliases: ['x86', 'ia32', 'x86_32'],
  },
  {
    name: 'loongarch64', family: 'loongarch', class: 64, endianness: 'little', machine: 258, mask: 'loongarch',
    platforms: ['linux/loong64'],
    debian: ['loong64'],
    machines: ['loongarch64'],
    triplets: ['loongarch64-linux-gnu'],
    aliases: ['loongarch', 'la64'],
  },
  {
    name: 'm68k', family: 'm68k', class: 32, endianness: 'big', machine: 4, mask: 'anyBig',
    platforms: [],
    debian: ['m68k'],
    machines: ['m68k'],
    triplets: ['m68k-linux-gnu'],
    aliases: ['68k', 'm68000'],
  },
  {
    // The rule has the number from before the official one, 189, that newer compilers write and QEMU runs as well.
    name: 'microblaze', family: 'microblaze', class: 32, endianness: 'big', machine: 0xbaab, otherMachines: [189], mask: 'anyBig',
    platforms: [],
    debian: [],
    machines: ['microblaze'],
    triplets: ['microblaze-linux-gnu'],
    aliases: ['microblazebe'],
  },
  {
    name: 'microblazeel', family: 'microblazeel', class: 32, endianness: 'little', machine: 0xbaab, otherMachines: [189], mask: 'anyLittle',
    platforms: [],
    debian: [],
    machines: ['microblaze'],
    triplets: ['microblazeel-linux-gnu'],
    aliases: ['microblazele'],
  },
  {
    name: 'mips', family: 'mips', class: 32, endianness: 'big', machine: 8, flags: { mask: n32, value: 0 }, mask: 'mips32Big',
    platforms: ['linux/mips'],
    debian: ['mips'],
    machines: ['mips'],
    triplets: ['mips-linux-gnu'],
    aliases: ['mipseb', 'mipsbe', 'mips32'],
  },
  {
    name: 'mips64', family: 'mips', class: 64, endianness: 'big', machine: 8, mask: 'mips64Big',
    platforms: ['linux/mips64'],
    debian: ['mips64'],
    machines: ['mips64'],
    triplets: ['mips64-linux-gnuabi64'],
    aliases: ['mips64eb', 'mips64be'],
  },
  {
    name: 'mips64el', family: 'mips', class: 64, endianness: 'little', machine: 8, mask: 'mips64Little',
    platforms: ['linux/mips64le'],
    debian: ['mips64el'],
    machines: ['mips64'],
    triplets: ['mips64el-linux-gnuabi64'],
    aliases: [],
  },
  {
    name: 'mipsel', family: 'mips', class: 32, endianness: 'little', machine: 8, flags: { mask: n32, value: 0 }, mask: 'mips32Little',
    platforms: ['linux/mipsle'],
    debian: ['mipsel'],
    machines: ['mips'],
    triplets: ['mipsel-linux-gnu'],
    aliases: ['mips32el', 'mips32le'],
  },
  {
    name: 'mipsn32', family: 'mips', class: 32, endianness: 'big', machine: 8, flags: { mask: n32, value: n32 }, mask: 'mips32Big',
    platforms: ['linux/mips64p32'],
    debian: ['mipsn32'],
    machines: ['mips64'],
    triplets: ['mips64-linux-gnuabin32'],
    aliases: [],
  },
  {
    name: 'mipsn32el', family: 'mips', class: 32, endianness: 'little', machine: 8, flags: { mask: n32, value: n32 }, mask: 'mips32Little',
    platforms: ['linux/mips64p32le'],
    debian: ['mipsn32el'],
    machines: ['mips64'],
    triplets: ['mips64el-linux-gnuabin32'],
    aliases: ['mipsn32le'],
  },
  {
    name: 'or1k', family: 'or1k', class: 32, endianness: 'big', machine: 92, mask: 'anyBig',
    platforms: [],
    debian: ['or1k'],
    machines: ['openrisc'],
    triplets: ['or1k-linux-gnu'],
    aliases: ['or32'],
  },
  {
    name: 'ppc', family: 'ppc', class: 32, endianness: 'big', machine: 20, mask: 'linuxBig',
    platforms: ['linux/ppc'],
    debian: ['powerpc'],
    machines: ['ppc'],
    triplets: ['powerpc-linux-gnu'],
    aliases: ['ppc32', 'powerpc32'],
  },
  {
    name: 'ppc64', family: 'ppc', class: 64, endianness: 'big', machine: 21, mask: 'linuxBig',
    platforms: ['linux/ppc64'],
    debian: ['ppc64'],
    machines: ['ppc64'],
    triplets: ['powerpc64-linux-gnu'],
    aliases: ['powerpc64'],
  },
  {
    name: 'ppc64le', family: 'ppcle', class: 64, endianness: 'little', machine: 21, mask: 'ppc64le',
    platforms: ['linux/ppc64le'],
    debian: ['ppc64el'],
    machines: ['ppc64le'],
    triplets: ['powerpc64le-linux-gnu'],
    aliases: ['powerpc64le', 'powerpc64el'],
  },
  {
    name: 'riscv32', family: 'riscv', class: 32, endianness: 'little', machine: 243, mask: 'anyLittle',
    platforms: [],
    debian: [],
    machines: ['riscv32'],
    triplets: ['riscv32-linux-gnu', 'riscv32gc-linux-gnu'],
    aliases: ['rv32', 'riscv32gc'],
  },
  {
    name: 'riscv64', family: 'riscv', class: 64, endianness: 'little', machine: 243, mask: 'anyLittle',
    platforms: ['linux/riscv64'],
    debian: ['riscv64'],
    machines: ['riscv64'],
    triplets: ['riscv64-linux-gnu', 'riscv64gc-linux-gnu'],
    aliases: ['rv64', 'riscv64gc'],
  },
  {
    name: 's390x', family: 's390x', class: 64, endianness: 'big', machine: 22, mask: 'linuxBig',
    platforms: ['linux/s390x'],
    debian: ['s390x'],
    machines: ['s390x'],
    triplets: ['s390x-linux-gnu'],
    aliases: ['systemz'],
  },
  {
    name: 'sh4', family: 'sh4', class: 32, endianness: 'little', machine: 42, mask: 'linuxLittle',
    platforms: [],
    debian: ['sh4'],
    machines: ['sh4', 'sh4a'],
    triplets: ['sh4-linux-gnu'],
    aliases: ['sh4el', 'sh4le'],
  },
  {
    name: 'sh4eb', family: 'sh4', class: 32, endianness: 'big', machine: 42, mask: 'linuxBig',
    platforms: [],
    debian: ['sh4eb'],
    machines: ['sh4'],
    triplets: ['sh4eb-linux-gnu'],
    aliases: ['sh4be'],
  },
  {
    name: 'sparc', family: 'sparc', class: 32, endianness: 'big', machine: 2, mask: 'linuxBig',
    platforms: ['linux/sparc'],
    debian: ['sparc'],
    machines: ['sparc'],
    triplets: ['sparc-linux-gnu'],
    aliases: ['sparc32', 'sparcv8'],
  },
  {
    name: 'sparc32plus', family: 'sparc', class: 32, endianness: 'big', machine: 18, mask: 'linuxBig',
    platforms: [],
    debian: [],
    machines: ['sparc64'],
    triplets: [],
    aliases: ['sparcv8plus', 'v8plus'],
  },
  {
    name: 'sparc64', family: 'sparc', class: 64, endianness: 'big', machine: 43, mask: 'linuxBig',
    platforms: ['linux/sparc64'],
    debian: ['sparc64'],
    machines: ['sparc64'],
    triplets: ['sparc64-linux-gnu'],
    aliases: ['sparcv9', 'ultrasparc'],
  },
  {
    name: 'x86_64', family: 'i386', class: 64, endianness: 'little', machine: 62, mask: 'x86',
    platforms: ['linux/amd64', 'linux/amd64/v1', 'linux/amd64/v2', 'linux/amd64/v3', 'linux/amd64/v4'],
    debian: ['amd64'],
    machines: ['x86_64'],
    triplets: ['x86_64-linux-gnu'],
    aliases: ['x64', 'x86-64', 'em64t'],
  },
  {
    name: 'xtensa', family: 'xtensa', class: 32, endianness: 'little', machine: 94, mask: 'anyLittle',
    platforms: [],
    debian: [],
    machines: ['xtensa'],
    triplets: ['xtensa-linux-gnu'],
    aliases: [],
  },
  {
    name: 'xtensaeb', family: 'xtensaeb', class: 32, endianness: 'big', machine: 94, mask: 'anyBig',
    platforms: [],
    debian: [],
    machines: ['xtensa'],
    triplets: ['xtensaeb-linux-gnu'],
    aliases: ['xtensabe'],
  },
];
