import type { Advisory } from '../advisory.ts';

export const runtimeAdvisories: readonly Advisory[] = [
  {
    id: 'dotnet-unsupported',
    title: '.NET does not support QEMU',
    effect: 'unsupported',
    seen: 'dotnet hangs, crashes or throws at random: `System.Runtime.InteropServices.SEHException`, `Segmentation fault`',
    says: [/SEHException/],
    cause: 'Microsoft declares every current version unsupported under QEMU',
    applies: { runtimes: [{ name: 'dotnet' }] },
    workarounds: [
      { does: 'publish on the host for the other architecture: dotnet publish --arch arm64' },
      { does: 'run it on a machine of that architecture, emulated as a whole if need be' },
    ],
    confidence: 'confirmed',
    references: [
      'https://github.com/dotnet/dotnet-docker/issues/5355',
      'https://github.com/dotnet/runtime/issues/95120',
    ],
  },
  {
    id: 'openj9-threads',
    title: "OpenJ9's virtual machine does not start",
    effect: 'failure',
    seen: '`Error: Port Library failed to initialize: -1`',
    says: [/Port Library failed to initialize/],
    cause: 'pthread_create fails with ENOSYS; 6.0.0 is good',
    applies: {
      emulator: [{ from: '6.1', below: '6.2' }],
      hosts: ['x86_64'],
      guests: ['aarch64'],
      runtimes: [{ name: 'openj9' }],
    },
    workarounds: [{ does: 'use QEMU 6.0, which is known to be good' }],
    confidence: 'reported',
    references: [
      'https://github.com/tonistiigi/binfmt/issues/72',
      'https://github.com/ibmruntimes/Semeru-Runtimes/issues/11',
    ],
  },
  {
    id: 'mimalloc-address-space',
    title: 'amd64 programs with mimalloc, such as nix and uv, crash at their start on arm64 hosts',
    effect: 'crash',
    seen: '`qemu: uncaught target signal 11 (Segmentation fault)` before anything else',
    cause: 'guest addresses lie above the 47 bits that amd64 programs expect',
    applies: {
      emulator: [{ from: '10.0' }],
      hosts: ['aarch64'],
      guests: ['x86_64'],
      runtimes: [{ name: 'mimalloc' }],
    },
    workarounds: [
      {
        does: 'move the addresses that the guest gets',
        environment: { QEMU_GUEST_BASE: '0x800000000000' },
      },
    ],
    confidence: 'reported',
    references: ['https://github.com/NixOS/nix/issues/16184', 'https://github.com/astral-sh/uv/issues/16024'],
  },
  {
    id: 'systemd-260-crash',
    title: 'commands of systemd 260 crash the emulator, as in the scripts of its package',
    effect: 'crash',
    seen: '`QEMU internal SIGSEGV {code=128, addr=0}` at `Setting up systemd`',
    says: [/QEMU internal SIGSEGV \{code=128/],
    applies: {
      hosts: ['x86_64'],
      guests: ['aarch64'],
      runtimes: [{ name: 'systemd', versions: [{ from: '260' }] }],
    },
    workarounds: [{ does: 'stay with systemd 259 in the guest' }],
    confidence: 'reported',
    references: [
      'https://github.com/systemd/systemd/issues/41279',
      'https://github.com/tonistiigi/binfmt/issues/316',
    ],
  },
  {
    id: 'gcc-riscv64-crash',
    title: 'g++ crashes as a riscv64 guest',
    effect: 'crash',
    seen: '`internal compiler error: Segmentation fault`, and the same compilation works on a real board',
    says: [/internal compiler error: Segmentation fault/],
    applies: {
      emulator: [{ from: '8.0', below: '8.2' }],
      guests: ['riscv64'],
      runtimes: [{ name: 'gcc' }],
    },
    workarounds: [{ does: 'compile with a cross compiler on the host' }],
    confidence: 'reported',
    references: [
      'https://gitlab.com/qemu-project/qemu/-/issues/1895',
      'https://github.com/felixonmars/archriscv-packages/pull/2969',
    ],
  },
];
