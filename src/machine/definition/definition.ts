/** What a machine of an architecture is made of; one for each kind of machine. */
export interface MachineDefinition {
  /** What `-a` takes: `arm64`, `raspi3b`. */
  readonly name: string;
  /** The architecture's name: `aarch64`. */
  readonly architecture: string;
  /** `qemu-system-…`. */
  readonly emulator: string;
  /** Debian packages with the emulator, which is in the first, and its firmware. */
  readonly packages: readonly [string, ...string[]];
  /** Value of `-machine`, with its options: `virt,gic-version=3`. */
  readonly machine: string;
  /** In the order of preference; the first whose `from` QEMU's version reaches. */
  readonly cpus: readonly CpuChoice[];
  /** `firmware` where disks start by themselves, `kernel` where QEMU is given a kernel. */
  readonly boots: readonly ('firmware' | 'kernel')[];
  readonly firmware?: Firmware;
  /** QEMU cannot unpack Debian's kernels for this machine itself, and hands them to the firmware. */
  readonly needsFirmwareForKernels?: boolean;
  /** How devices are attached: suffix of `virtio-blk-…`; `board` where the board has its own and no virtio. */
  readonly bus: 'pci' | 'device' | 'ccw' | 'board';
  /** QEMU's device for the network: `virtio-net-pci`. */
  readonly card: string;
  /** Where on its bus the card must be, where that matters: `addr=0xb`. */
  readonly cardPlace?: string;
  /** The guest's console for the kernel's command line: `ttyAMA0`. */
  readonly console: string;
  /** Which of QEMU's serial lines that is; default: the first, 0. */
  readonly serialLine?: number;
  /** Debian's kernel package and the suite that still has it. */
  readonly kernel: KernelPackage;
  readonly memory: { readonly defaultMiB: number; readonly maximumMiB: number };
  readonly maximumCpus: number;
  /** Guests with more processors do not go on once they were saved; undefined: all do. */
  readonly savable?: {
    readonly cpus: number;
    /** For people, with the QEMU that it was seen with. */
    readonly reason: string;
  };
  /** A board has its memory and its processors, no less and no more. */
  readonly isFixed?: boolean;
  /** How long a boot takes here, compared with arm64's: deadlines are multiplied by it. */
  readonly slowness: number;
  /** For people: what this machine can not do (`no UEFI`, `one network card`). */
  readonly limits: readonly string[];
}

export interface KernelPackage {
  readonly package: string;
  readonly suite: string;
  /** For people: why it is that one, where it is not the stable release. */
  readonly whySuite?: string;
  /** Debian's name of the architecture: `ppc64el`. */
  readonly architecture: string;
  /** Description of a board that QEMU makes no own one for, as the package ends its path: `broadcom/bcm2837-rpi-3-b.dtb`. */
  readonly deviceTree?: string;
  /**
   * Modules of a board's own disk, seed and network, for the root in memory: that of buses that every machine has is in it
   * anyhow. In the order in which they are loaded.
   */
  readonly drivers?: readonly string[];
}

export interface CpuChoice {
  /** Value of `-cpu`. */
  readonly value: string;
  /** QEMU's version from which on this is right: `10.0`. */
  readonly from: string;
  /** Why this one, with its source. */
  readonly reason: string;
}

/** UEFI as flash: paths below a root file system. */
export interface Firmware {
  /** Read only. */
  readonly code: string;
  /** Copied for each machine. */
  readonly variables: string;
}
