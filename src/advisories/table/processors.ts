import type { Advisory } from '../advisory.ts';

/** The processor that QEMU shows to guests. */
export const processorAdvisories: readonly Advisory[] = [
  {
    id: 'pointer-authentication-slow',
    title: 'pointer authentication is computed by a slow cipher',
    effect: 'slow',
    seen: 'arm64 guests of Debian 13, Ubuntu 24.04 and other recent distributions are five to eight times slower than older ones',
    cause:
      'QARMA5 in software; 10.0 made a fast one the default. Measured: 3 million signatures take 1.87 s with 7.2, 0.11 s with pauth-impdef=on, 0.11 s with 10.0',
    applies: { emulator: [{ from: '6.0', below: '10.0' }], guests: ['aarch64'] },
    workarounds: [
      { does: 'use QEMU 10.0 or later', emulator: { from: '10.0' } },
      { does: 'choose the fast one', environment: { QEMU_CPU: 'max,pauth-impdef=on' } },
    ],
    confidence: 'measured',
    references: [
      'https://github.com/docker-library/python/issues/1072',
      'https://github.com/tonistiigi/binfmt/issues/258',
    ],
  },
  {
    id: 'riscv64-vectors-missing',
    title: 'the default processor has no vector instructions, which Ubuntu 25.10 and later are compiled with',
    effect: 'crash',
    seen: '`Illegal instruction`, `qemu: uncaught target signal 4`, from every program of the guest',
    says: [/Illegal instruction/i, /target signal 4\b/],
    cause: 'the profile RVA23 has them. Measured: 7.2 refuses them unless asked for, 10.0 does not',
    applies: { emulator: [{ below: '9.0' }], guests: ['riscv64'] },
    workarounds: [
      { does: 'use QEMU 10.0 or later', emulator: { from: '10.0' } },
      { does: 'ask for them', environment: { QEMU_CPU: 'rv64,v=true' } },
    ],
    confidence: 'measured',
    references: [
      'https://github.com/docker-library/official-images/pull/19653',
      'https://github.com/uraimo/run-on-arch-action/issues/174',
    ],
  },
  {
    id: 'x86-64-v2-missing',
    title: 'the default processor is older than RHEL 9 and its relatives allow',
    effect: 'crash',
    seen: '`Fatal glibc error: CPU does not support x86-64-v2`',
    says: [/CPU does not support x86-64-v/],
    cause: 'qemu64 was the default; `max` is since 7.2, which some distributions have in older versions, too',
    applies: { emulator: [{ below: '7.2' }], guests: ['x86_64'] },
    workarounds: [
      { does: 'use QEMU 7.2 or later', emulator: { from: '7.2' } },
      { does: 'choose the newer processor', environment: { QEMU_CPU: 'max' } },
    ],
    confidence: 'confirmed',
    references: [
      'https://github.com/runfinch/finch/issues/20',
      'https://github.com/containers/podman/issues/15456',
    ],
  },
];
