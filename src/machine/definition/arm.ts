import type { MachineDefinition } from './definition.ts';

/** 64-bit and 32-bit ARM: QEMU's own board, and a Raspberry Pi. */
export const armDefinitions: readonly MachineDefinition[] = [
  {
    name: 'arm64',
    architecture: 'aarch64',
    emulator: 'qemu-system-aarch64',
    packages: ['qemu-system-arm', 'qemu-efi-aarch64'],
    machine: 'virt,gic-version=3',
    cpus: [
      {
        value: 'cortex-a57',
        from: '2.6',
        reason:
          'ARMv8.0, the oldest that every distribution for arm64 still runs on: no pointer authentication, which costs emulated code up to eightfold, and nothing that differs between versions of QEMU, so that saved states and migrations stay valid; libvirt and virt-manager know it. --cpu max,pauth-impdef=on has all that QEMU knows',
      },
    ],
    boots: ['firmware', 'kernel'],
    firmware: { code: 'usr/share/AAVMF/AAVMF_CODE.fd', variables: 'usr/share/AAVMF/AAVMF_VARS.fd' },
    bus: 'pci',
    card: 'virtio-net-pci',
    console: 'ttyAMA0',
    kernel: { package: 'linux-image-cloud-arm64', suite: 'trixie', architecture: 'arm64' },
    memory: { defaultMiB: 1024, maximumMiB: 1024 * 255 },
    maximumCpus: 512,
    slowness: 1,
    limits: [],
  },
  {
    name: 'armhf',
    architecture: 'arm',
    emulator: 'qemu-system-arm',
    packages: ['qemu-system-arm'],
    // With highmem, PCI's configuration space is above 4 GiB, where kernels without LPAE reach nothing.
    machine: 'virt,highmem=off',
    cpus: [
      {
        value: 'cortex-a15',
        from: '1.3',
        reason:
          'ARMv7 with VFPv4 and NEON, which is what armhf stands for; models of ARMv8 would start in 64-bit mode',
      },
    ],
    boots: ['kernel'],
    bus: 'pci',
    card: 'virtio-net-pci',
    console: 'ttyAMA0',
    kernel: { package: 'linux-image-armmp', suite: 'trixie', architecture: 'armhf' },
    memory: { defaultMiB: 1024, maximumMiB: 3072 },
    maximumCpus: 4,
    slowness: 3,
    limits: ['starts from a kernel that QEMU is given, not from its disk', 'at most 3 GiB of memory'],
  },
  {
    name: 'raspi3b',
    architecture: 'aarch64',
    emulator: 'qemu-system-aarch64',
    packages: ['qemu-system-arm'],
    machine: 'raspi3b',
    cpus: [
      {
        value: 'cortex-a53',
        from: '5.2',
        reason: "the board's own; QEMU takes no other",
      },
    ],
    boots: ['kernel'],
    bus: 'board',
    card: 'usb-net',
    // The other one is Bluetooth's by the board's description, and nobody can log in there.
    console: 'ttyS1',
    serialLine: 1,
    kernel: {
      package: 'linux-image-arm64',
      suite: 'trixie',
      architecture: 'arm64',
      deviceTree: 'broadcom/bcm2837-rpi-3-b.dtb',
      // What hangs on USB before its host: the card is there when the seed behind it is.
      drivers: ['rndis_host', 'cdc_ether', 'usb_storage', 'phy_generic', 'dwc2', 'bcm2835', 'sdhci_iproc'],
    },
    memory: { defaultMiB: 1024, maximumMiB: 1024 },
    maximumCpus: 4,
    isFixed: true,
    savable: { cpus: 0, reason: 'QEMU does not save a network adapter at USB' },
    slowness: 4,
    limits: [
      'starts from a kernel that QEMU is given, not from its disk',
      'the disk is an SD card, whose size is a power of two, and which grows only while the machine is stopped',
      'the seed is a disk at USB, the network an adapter at USB: QEMU cannot save that, so neither `stop --save` nor snapshots with memory',
      'no power button: it is switched off over SSH',
      'no mounts: the board has no virtio',
    ],
  },
];
