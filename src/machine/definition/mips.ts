import type { MachineDefinition } from './definition.ts';

const lastRelease = 'Debian 12 is the last release with this architecture';

const shared = {
  packages: ['qemu-system-mips'],
  machine: 'malta',
  boots: ['kernel'],
  bus: 'pci',
  card: 'e1000',
  // That of the board's own Ethernet. Linux gives interrupts to slots 10 to 12 and 18 to 21 only (arch/mips/pci/fixup-malta.c),
  // of which the other devices take the last four: the next one shows up, and cannot be used ("Unable to allocate interrupt").
  cardPlace: 'addr=0xb',
  console: 'ttyS0',
  memory: { defaultMiB: 1024, maximumMiB: 2048 },
  maximumCpus: 1,
  savable: { cpus: 0, reason: 'QEMU loses the timer of its processor (seen with 10.0.13: no tick any more)' },
  slowness: 5,
  limits: [
    'starts from a kernel that QEMU is given, not from its disk',
    'one processor, at most 2 GiB of memory',
    'no mounts, but where the host is MIPS, too: its kernel has other numbers for how files are opened, and virtiofsd takes them for its own',
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
