import type { Advisory } from '../advisory.ts';

/** Versions and builds of QEMU that crash many guests. */
export const versionAdvisories: readonly Advisory[] = [
  {
    id: 'ldconfig-crash',
    title: 'ldconfig of glibc 2.31 to 2.35 crashes, and with it the package libc-bin',
    effect: 'crash',
    seen: '`Processing triggers for libc-bin` and then `qemu: uncaught target signal 11 (Segmentation fault)`; Debian 11 and Ubuntu 22.04',
    says: [/libc-bin[\s\S]*Segmentation fault/, /ldconfig[\s\S]*Segmentation fault/],
    cause:
      'the vDSO and the heap of static programs get in each other’s way; 9.2.2 was to repair it, and reports go on for 9.2.2 and 10.1.3',
    applies: {
      emulator: [
        { from: '8.1', below: '8.2' },
        { from: '9.2', below: '9.3' },
        { from: '10.1', below: '10.2' },
      ],
      hosts: ['x86_64'],
      guests: ['aarch64'],
      runtimes: [{ name: 'glibc', versions: [{ from: '2.31', below: '2.36' }] }],
    },
    workarounds: [
      { does: 'use another version of QEMU' },
      { does: 'run it without a randomised address space: setarch -R' },
    ],
    confidence: 'disputed',
    references: [
      'https://github.com/tonistiigi/binfmt/issues/245',
      'https://github.com/tonistiigi/binfmt/issues/298',
      'https://github.com/docker/for-win/issues/15004',
      'https://gitlab.com/qemu-project/qemu/-/issues/1913',
    ],
  },
  {
    id: 'ldconfig-crash-4',
    title: 'ldconfig of Debian 11 crashes with the QEMU of Ubuntu 20.04',
    effect: 'crash',
    seen: '`Processing triggers for libc-bin` and then `qemu: uncaught target signal 11 (Segmentation fault)`',
    says: [/libc-bin[\s\S]*Segmentation fault/],
    applies: { emulator: [{ below: '5.0' }], guests: ['aarch64'] },
    workarounds: [{ does: 'use QEMU 5.0 or later', emulator: { from: '5.0' } }],
    confidence: 'reported',
    references: ['https://github.com/moby/moby/issues/43039', 'https://github.com/moby/qemu/issues/19'],
  },
  {
    id: 'static-5-crash',
    title: 'static builds crash when they allocate memory for the guest',
    effect: 'crash',
    seen: '`Segmentation fault` now and then, at the start of programs',
    applies: {
      emulator: [{ from: '5.1', below: '6.0' }],
      hosts: ['x86_64'],
      guests: ['aarch64'],
    },
    workarounds: [{ does: 'use QEMU 6.0 or later', emulator: { from: '6.0' } }],
    confidence: 'reported',
    references: [
      'https://github.com/go-debos/debos/pull/261',
      'https://github.com/docker/buildx/issues/542',
      'https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=988174',
    ],
  },
  {
    id: 'no-pie-crash',
    title: 'emulators that are not position-independent crash on kernels that randomise the heap further',
    effect: 'crash',
    seen: '`Segmentation fault` at random, of node, gcc, cc1 and others, since January 2025',
    cause:
      'the kernel’s change 44c76825d6ee moves the heap into addresses that QEMU gives to guests; QEMU’s maintainers advise against --disable-pie',
    applies: {
      emulator: [{ below: '8.1' }],
      build: { linkage: 'static' },
      hosts: ['x86_64'],
    },
    workarounds: [{ does: 'use a position-independent build, such as Debian’s' }],
    confidence: 'confirmed',
    references: [
      'https://github.com/tonistiigi/binfmt/issues/215',
      'https://github.com/tonistiigi/binfmt/pull/219',
      'https://gitlab.com/qemu-project/qemu/-/issues/1763',
    ],
  },
  {
    id: 'internal-sigsegv-8-2',
    title: 'the emulator itself crashes now and then',
    effect: 'crash',
    seen: '`QEMU internal SIGSEGV {code=MAPERR, addr=0x20}`; the same command works when it is repeated',
    says: [/QEMU internal SIGSEGV \{code=MAPERR, addr=0x20\}/],
    applies: { emulator: [{ from: '8.2', below: '9.0' }] },
    workarounds: [{ does: 'use another version of QEMU', emulator: { from: '10.0' } }],
    confidence: 'reported',
    references: [
      'https://github.com/lance-format/lance/issues/7902',
      'https://github.com/containers/podman/issues/23219',
      'https://github.com/build2/build2/issues/470',
    ],
  },
  {
    id: 'host-32-bit-dropped',
    title: 'QEMU 11 does not run on 32-bit hosts',
    effect: 'unsupported',
    seen: 'there is no QEMU 11 for armhf and i386',
    applies: { emulator: [{ from: '11.0' }], hosts: ['arm', 'i386'] },
    workarounds: [{ does: 'stay with QEMU 10.2', emulator: { from: '10.0', below: '11.0' } }],
    confidence: 'confirmed',
    references: ['https://github.com/tonistiigi/binfmt/issues/349'],
  },
];
