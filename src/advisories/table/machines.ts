import type { Advisory } from '../advisory.ts';

/** Of whole machines. */
export const machineAdvisories: readonly Advisory[] = [
  {
    id: 'machine-arm64-hang',
    title: 'x86_64 machines hang on arm64 hosts',
    effect: 'hang',
    seen: 'the guest stops after its start',
    applies: {
      mode: 'system',
      emulator: [{ from: '8.1', below: '8.1.1' }],
      hosts: ['aarch64'],
      guests: ['x86_64'],
    },
    workarounds: [{ does: "use Homebrew's QEMU 8.1.0_3 or later, which has the repair" }],
    confidence: 'reported',
    references: ['https://github.com/lima-vm/lima/issues/1758'],
  },
  {
    id: 'machine-qemu64',
    title: 'guests that need x86-64-v2 or v3 do not boot with the processor qemu64',
    effect: 'crash',
    seen: '`Fatal glibc error: CPU does not support x86-64-v3`, or a panic at init',
    says: [/CPU does not support x86-64-v/],
    applies: { mode: 'system', guests: ['x86_64'] },
    workarounds: [{ does: 'choose the processor max: -cpu max' }],
    confidence: 'reported',
    references: ['https://github.com/lima-vm/lima/issues/3063'],
  },
  {
    id: 'machine-cortex-a72',
    title: 'Amazon Linux 2023 does not boot with the processor cortex-a72',
    effect: 'crash',
    seen: '`Fatal glibc error: This version of Amazon Linux requires a newer ARM64 processor`',
    says: [/requires a newer ARM64 processor/],
    cause: 'it is compiled for ARMv8.2 with the cryptographic extensions',
    applies: { mode: 'system', guests: ['aarch64'] },
    workarounds: [{ does: 'choose the processor cortex-a76, or max: -cpu max,pauth-impdef=on' }],
    confidence: 'confirmed',
    references: ['https://github.com/lima-vm/lima/pull/3227'],
  },
  {
    id: 'machine-rva23',
    title: 'riscv64 guests of recent distributions do not boot with the default processor',
    effect: 'crash',
    seen: '`Illegal instruction` at init',
    applies: { mode: 'system', guests: ['riscv64'] },
    workarounds: [{ does: 'choose the processor max: -cpu max' }],
    confidence: 'reported',
    references: ['https://github.com/lima-vm/lima/issues/3484'],
  },
];
