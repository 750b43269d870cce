/**
 * What the interposer is built for: src/interposer/patch/hosts.ts has the same.
 *
 * @typedef {object} Host
 * @property {string} name QEMU's, and of native/interposer/hosts/NAME.h
 * @property {number} machine e_machine
 * @property {string} triplet of Debian's compiler
 * @property {readonly string[]} flags for the compiler
 */

/**
 * Registers of floating-point and vector units are left as the kernel gives them.
 *
 * @type {readonly Host[]}
 */
export const hosts = [
  {
    name: 'x86_64',
    machine: 62,
    triplet: 'x86_64-linux-gnu',
    flags: ['-mgeneral-regs-only', '-fcf-protection=none'],
  },
  {
    name: 'aarch64',
    machine: 183,
    triplet: 'aarch64-linux-gnu',
    flags: ['-mgeneral-regs-only', '-mbranch-protection=none', '-mno-outline-atomics'],
  },
  {
    name: 'ppc64le',
    machine: 21,
    triplet: 'powerpc64le-linux-gnu',
    // For size, registers would be saved by functions that the linker adds.
    flags: ['-mcpu=power8', '-msoft-float', '-mno-altivec', '-mno-vsx', '-O2'],
  },
  {
    name: 's390x',
    machine: 22,
    triplet: 's390x-linux-gnu',
    flags: ['-march=z10', '-msoft-float', '-mno-vx'],
  },
  {
    name: 'riscv64',
    machine: 243,
    triplet: 'riscv64-linux-gnu',
    flags: ['-march=rv64imac', '-mabi=lp64', '-mcmodel=medany', '-mno-relax'],
  },
];
