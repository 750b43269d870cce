import type { MachineDefinition } from './definition.ts';

export const x86Definitions: readonly MachineDefinition[] = [
  {
    name: 'amd64',
    architecture: 'x86_64',
    emulator: 'qemu-system-x86_64',
    packages: ['qemu-system-x86', 'seabios', 'ovmf'],
    machine: 'q35',
    cpus: [
      {
        value: 'Haswell-v4',
        from: '7.2',
        reason:
          'x86-64-v3, which the newest distributions ask for, and nothing beyond it: `max` of TCG has five-level page tables, which make it slower. qemu64 has not even x86-64-v2, and kernels of today stop on it with QEMU 7.2',
      },
      {
        value: 'Nehalem',
        from: '2.0',
        reason: 'x86-64-v2: QEMU before 7.2 does not emulate the AVX2 of later ones',
      },
    ],
    boots: ['firmware', 'kernel'],
    firmware: { code: 'usr/share/OVMF/OVMF_CODE_4M.fd', variables: 'usr/share/OVMF/OVMF_VARS_4M.fd' },
    bus: 'pci',
    card: 'virtio-net-pci',
    console: 'ttyS0',
    kernel: { package: 'linux-image-cloud-amd64', suite: 'trixie', architecture: 'amd64' },
    memory: { defaultMiB: 1024, maximumMiB: 1024 * 255 },
    maximumCpus: 255,
    slowness: 2,
    limits: [],
  },
];
