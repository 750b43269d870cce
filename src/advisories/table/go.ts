import type { Advisory } from '../advisory.ts';

export const goAdvisories: readonly Advisory[] = [
  {
    id: 'go-pidfd-einval',
    title: 'programs of Go 1.23 cannot start other programs',
    effect: 'failure',
    seen: '`fork/exec …: invalid argument`, from the go command itself, too',
    says: [/fork\/exec [^:]*: invalid argument/],
    cause:
      'clone(2) with CLONE_PIDFD fails with EINVAL on 7.2 (10.0 has it); Go looks before it uses it since a later 1.23',
    applies: {
      emulator: [{ from: '7.2', below: '8.0' }],
      runtimes: [{ name: 'go', versions: [{ from: '1.23', below: '1.24' }] }],
    },
    workarounds: [
      { does: 'use QEMU 8.0 or later', emulator: { from: '8.0' } },
      { does: 'build with the newest Go 1.23, or with 1.24' },
    ],
    confidence: 'measured',
    references: ['https://github.com/golang/go/issues/68976', 'https://github.com/golang/go/issues/69259'],
  },
  {
    id: 'go-preemption-hang',
    title: 'programs of Go 1.21 and later hang now and then',
    effect: 'hang',
    seen: 'no output and no progress, of the go command above all; threads wait in futex(2)',
    cause: 'signals by which Go interrupts its own threads, many of them, are delivered late or lost',
    applies: { guests: ['arm', 'aarch64'], runtimes: [{ name: 'go', versions: [{ from: '1.21' }] }] },
    workarounds: [
      {
        does: 'keep Go from interrupting its threads',
        environment: { GODEBUG: 'asyncpreemptoff=1', GOMAXPROCS: '1' },
      },
      { does: 'compile on the host, which Go does for every architecture: GOARCH=arm64' },
    ],
    confidence: 'reported',
    references: ['https://github.com/golang/go/issues/67355', 'https://github.com/golang/go/issues/70329'],
  },
  {
    id: 'go-tagged-pointer',
    title: 'amd64 programs of Go before 1.25.4 end with a fatal error on arm64 hosts',
    effect: 'crash',
    seen: '`runtime: taggedPointerPack invalid packing` or `runtime: lfstack.push invalid packing`',
    says: [/taggedPointerPack|lfstack\.push/],
    cause: 'Go takes addresses of amd64 for signed ones of 48 bits; arm64 hosts give higher ones',
    applies: {
      hosts: ['aarch64'],
      guests: ['x86_64'],
      runtimes: [{ name: 'go', versions: [{ below: '1.25.4' }] }],
    },
    workarounds: [{ does: 'build the program with Go 1.25.4 or later' }],
    confidence: 'confirmed',
    references: ['https://github.com/golang/go/issues/69255', 'https://github.com/golang/go/issues/49405'],
  },
];
