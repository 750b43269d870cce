/**
 * What the image's program is built for.
 *
 * @typedef {object} Platform
 * @property {string} name as the OCI says it
 * @property {string} debian Debian's name, for musl-dev
 * @property {string} triplet of Debian's compiler, which has it as a prefix on the machine itself too
 * @property {string} musl the directory of musl-dev
 * @property {string} qemu QEMU's target
 * @property {readonly string[]} flags for the compiler
 * @property {readonly string[]} [unreadableSections] of musl's objects, which the linker must not see
 */

/** @type {readonly Platform[]} */
export const platforms = [
  {
    name: 'linux/amd64',
    debian: 'amd64',
    triplet: 'x86_64-linux-gnu',
    musl: 'x86_64-linux-musl',
    qemu: 'x86_64',
    flags: [],
  },
  {
    name: 'linux/arm64',
    debian: 'arm64',
    triplet: 'aarch64-linux-gnu',
    musl: 'aarch64-linux-musl',
    qemu: 'aarch64',
    // Plain load/store exclusive loops where they are needed, instead of libgcc's run-time choice.
    flags: ['-mno-outline-atomics'],
  },
  {
    // Hard float is what every ARMv7 distribution has; a static program only needs the registers, which v7 platforms have.
    name: 'linux/arm/v7',
    debian: 'armhf',
    triplet: 'arm-linux-gnueabihf',
    musl: 'arm-linux-musleabihf',
    qemu: 'arm',
    flags: ['-march=armv7-a', '-mfpu=vfpv3-d16', '-mfloat-abi=hard'],
  },
  {
    name: 'linux/ppc64le',
    debian: 'ppc64el',
    triplet: 'powerpc64le-linux-gnu',
    musl: 'powerpc64le-linux-musl',
    qemu: 'ppc64le',
    // musl knows no other long double there. Jump tables are found through one section of addresses, for the sake of
    // which the linker would keep all functions that have one.
    flags: ['-mlong-double-64', '-fno-jump-tables'],
  },
  {
    name: 'linux/s390x',
    debian: 's390x',
    triplet: 's390x-linux-gnu',
    musl: 's390x-linux-musl',
    qemu: 's390x',
    flags: [],
  },
  {
    name: 'linux/riscv64',
    debian: 'riscv64',
    triplet: 'riscv64-linux-gnu',
    musl: 'riscv64-linux-musl',
    qemu: 'riscv64',
    flags: [],
    // Names extensions that bookworm's linker does not know, and dies of.
    unreadableSections: ['.riscv.attributes'],
  },
  {
    name: 'linux/386',
    debian: 'i386',
    triplet: 'i686-linux-gnu',
    musl: 'i386-linux-musl',
    qemu: 'i386',
    // JavaScript's numbers have 64 bits, the x87's have 80.
    flags: ['-msse2', '-mfpmath=sse'],
  },
];

/** @param {Pick<Platform, 'name'>} platform @returns {string} `linux-arm-v7` */
export function folderOf({ name }) {
  return name.replaceAll('/', '-');
}

/** @param {Pick<Platform, 'debian' | 'triplet'>} platform @param {string} host Debian's name of the build machine */
export function compilerPackage({ debian, triplet }, host) {
  return debian === host ? 'gcc' : `gcc-${triplet.replaceAll('_', '-')}`;
}
