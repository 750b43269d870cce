import type { MachineDefinition } from './definition.ts';

/** Mainframes and POWER: both have firmware of their own, which starts disks by themselves where a boot loader is on them. */
export const ibmDefinitions: readonly MachineDefinition[] = [
  {
    name: 's390x',
    architecture: 's390x',
    emulator: 'qemu-system-s390x',
    packages: ['qemu-system-s390x', 'qemu-system-data'],
    machine: 's390-ccw-virtio',
    cpus: [
      {
        value: 'max',
        from: '2.12',
        reason:
          'all that TCG emulates, a z14 and parts of later ones, which RHEL 9 and Ubuntu 24.04 ask for; the default model `qemu` changes with the version of QEMU all the same',
      },
    ],
    boots: ['firmware', 'kernel'],
    bus: 'ccw',
    card: 'virtio-net-ccw',
    console: 'ttysclp0',
    kernel: { package: 'linux-image-s390x', suite: 'trixie', architecture: 's390x' },
    memory: { defaultMiB: 1024, maximumMiB: 1024 * 255 },
    maximumCpus: 248,
    slowness: 3,
    limits: [
      'no UEFI: disks start by zipl',
      "no mounts, but where the host is big-endian, too: virtiofsd speaks to guests of the host's byte order",
    ],
  },
  {
    name: 'ppc64le',
    architecture: 'ppc64le',
    emulator: 'qemu-system-ppc64',
    packages: ['qemu-system-ppc', 'qemu-system-data'],
    // TCG has none of these mitigations, and the machine does not start while it promises them.
    machine: 'pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken',
    cpus: [
      {
        value: 'power9',
        from: '2.10',
        reason:
          'Debian is built for POWER8, Fedora, RHEL and Ubuntu for POWER9; POWER10 has prefixed instructions, which slow emulation down and nobody asks for',
      },
    ],
    boots: ['firmware', 'kernel'],
    bus: 'pci',
    card: 'virtio-net-pci',
    console: 'hvc0',
    kernel: { package: 'linux-image-powerpc64le', suite: 'trixie', architecture: 'ppc64el' },
    memory: { defaultMiB: 1024, maximumMiB: 1024 * 255 },
    maximumCpus: 1024,
    savable: {
      cpus: 1,
      reason: 'QEMU loses the timer of the second processor (seen with 10.0.13: "Hard LOCKUP")',
    },
    slowness: 8,
    limits: [
      'no UEFI: disks start by Open Firmware, from a PReP partition',
      'with more than one processor it cannot be saved: the second one loses its timer, and hangs ("Hard LOCKUP" with QEMU 10.0.13)',
      'no mounts, but where the host is POWER, too: its kernel has other numbers for how files are opened, and virtiofsd takes them for its own',
    ],
  },
];
