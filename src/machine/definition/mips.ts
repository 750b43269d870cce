import type { MachineDefinition } from './definition.ts';

const lastRelease = 'Debian 12 is the last release with this architecture';

const shared = {
  packages: ['qemu-system-mips'],
  machine: 'malta',
  boots: ['kernel'],
  bus: 'pci',
  // The driver of virtio in Debian 12's kernels for this board refuses its card (`probe of virtio4 failed with error -22`).
  card: 'e1000',
  console: 'ttyS0',
  memory: { defaultMiB: 1024, maximumMiB: 2048 },
  maximumCpus: 1,
  savable: { cpus: 0, reason: 'QEMU loses the timer of its processor (seen with 10.0.13: no tick any more)' },
  slowness: 5,
  limits: [
    'starts from a kernel that QEMU is given, not from its disk',
    'one processor, at most 2 GiB of memory',
    'it cannot be saved: its processor loses its timer, and hangs (QEMU 10.0.13)',
    lastRelease,
  ],
} as const;

export const mipsDefinitions: readonly MachineDefinition[] = [
  {
    ...shared,
    name: 'mips64el',
    architecture: 'mips64el',
    emulator: 'qemu-system-mips64el',
    cpus: [
      {
        value: 'MIPS64R2-generic',
        from: '1.0',
        reason: "Debian's port is built for MIPS64 release 2, which this is, with an FPU",
      },
    ],
    kernel: {
      package: 'linux-image-5kc-malta',
      suite: 'bookworm',
      whySuite: lastRelease,
      architecture: 'mips64el',
    },
  },
  {
    ...shared,
    name: 'mipsel',
    architecture: 'mipsel',
    emulator: 'qemu-system-mipsel',
    cpus: [
      {
        value: '24Kf',
        from: '1.0',
        reason: "Debian's port is built for MIPS32 release 2 with an FPU, which this is",
      },
    ],
    kernel: {
      package: 'linux-image-4kc-malta',
      suite: 'bookworm',
      whySuite: lastRelease,
      architecture: 'mipsel',
    },
  },
];
