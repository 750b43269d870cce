import type { MachineDefinition } from './definition.ts';

export const riscvDefinitions: readonly MachineDefinition[] = [
  {
    name: 'riscv64',
    architecture: 'riscv64',
    emulator: 'qemu-system-riscv64',
    packages: ['qemu-system-riscv', 'opensbi', 'qemu-efi-riscv64'],
    machine: 'virt',
    cpus: [
      {
        value: 'rv64',
        from: '4.1',
        reason:
          'RV64GC with what QEMU adds to it, enough for RVA20, which Debian is built for; --cpu max for distributions that ask for RVA23 (vectors)',
      },
    ],
    boots: ['firmware', 'kernel'],
    firmware: {
      code: 'usr/share/qemu-efi-riscv64/RISCV_VIRT_CODE.fd',
      variables: 'usr/share/qemu-efi-riscv64/RISCV_VIRT_VARS.fd',
    },
    bus: 'pci',
    card: 'virtio-net-pci',
    console: 'ttyS0',
    kernel: { package: 'linux-image-riscv64', suite: 'trixie', architecture: 'riscv64' },
    memory: { defaultMiB: 1024, maximumMiB: 1024 * 255 },
    maximumCpus: 512,
    slowness: 2,
    limits: [],
  },
];
