import type { Advisory } from '../advisory.ts';

export const goAdvisories: readonly Advisory[] = [
  {
    id: 'go-pidfd-einval',
    title: 'programs of Go 1.23 cannot start other programs',
    effect: 'failure',
    seen: '`fork/exec …: invalid argument`, from the go command itself, too',
    cause: 'waitid(2) with P_PIDFD is not translated before QEMU 8.0',
    applies: {
      emulator: [{ from: '7.2', below: '8.0' }],
      runtimes: [{ name: 'go', versions: [{ from: '1.23', below: '1.24' }] }],
    },
    workarounds: [{ does: 'use QEMU 8.0 or later', emulator: { from: '8.0' } }],
    confidence: 'confirmed',
    references: ['https://github.com/golang/go/issues/68976', 'https://github.com/golang/go/issues/69259'],
  },
];
