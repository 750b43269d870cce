import type { MachineDefinition } from './definition.ts';

const unreleased = 'Debian 14, which is not released, will be the first with this architecture';

export const loongarchDefinitions: readonly MachineDefinition[] = [
  {
    name: 'loong64',
    architecture: 'loongarch64',
    emulator: 'qemu-system-loongarch64',
    packages: ['qemu-system-misc', 'qemu-efi-loongarch64'],
    machine: 'virt',
    cpus: [
      {
        value: 'la464',
        from: '8.0',
        reason:
          'the core of the 3A5000, what distributions are built for, and the only 64-bit one of old versions of QEMU',
      },
    ],
    boots: ['firmware', 'kernel'],
    firmware: {
      code: 'usr/share/qemu-efi-loongarch64/QEMU_EFI.fd',
      variables: 'usr/share/qemu-efi-loongarch64/QEMU_VARS.fd',
    },
    // They are compressed with zstd inside a program of UEFI: "unable to handle EFI zboot image" (10.0).
    needsFirmwareForKernels: true,
    bus: 'pci',
    card: 'virtio-net-pci',
    console: 'ttyS0',
    kernel: {
      package: 'linux-image-loong64',
      // In sid, too, where a few hundred packages cannot always be installed together.
      suite: 'forky',
      whySuite: unreleased,
      architecture: 'loong64',
    },
    memory: { defaultMiB: 1024, maximumMiB: 1024 * 255 },
    maximumCpus: 256,
    slowness: 3,
    limits: [`${unreleased}; lists of suites that are not released may be past their date (--allow-expired)`],
  },
];
