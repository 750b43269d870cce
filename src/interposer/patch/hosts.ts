/** A host that interposers are built for. */
export interface InterposerHost {
  /** QEMU's name, and the file's: `build/interposer/x86_64.bin`. */
  readonly name: string;
  /** e_machine (elf.h). */
  readonly machine: number;
  /** The largest page size that kernels of the architecture use, in bytes: segments must be that far apart. */
  readonly pageSize: number;
}

export const interposerHosts: readonly InterposerHost[] = [
  { name: 'x86_64', machine: 62, pageSize: 4096 },
  { name: 'aarch64', machine: 183, pageSize: 65_536 },
  { name: 'ppc64le', machine: 21, pageSize: 65_536 },
  { name: 's390x', machine: 22, pageSize: 4096 },
  { name: 'riscv64', machine: 243, pageSize: 4096 },
];
