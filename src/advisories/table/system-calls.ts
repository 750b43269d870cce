import type { Advisory } from '../advisory.ts';

/** System calls that a version of QEMU lacks or translates wrongly. */
export const systemCallAdvisories: readonly Advisory[] = [
  {
    id: 'openat2-missing',
    title: 'openat2 is missing, which tar of recent distributions needs',
    effect: 'failure',
    seen: '`tar: …: Cannot open: Function not implemented`, `Cannot mkdir: Function not implemented`',
    says: [/Cannot (open|mkdir|stat): Function not implemented/, /openat2.*(ENOSYS|not implemented)/i],
    cause:
      'QEMU has it since 9.2; tar uses it since the repair of CVE-2025-45582. Measured: 7.2 gives ENOSYS, 10.0 works',
    applies: { emulator: [{ below: '9.2' }] },
    workarounds: [{ does: 'use QEMU 9.2 or later', emulator: { from: '9.2' } }],
    confidence: 'measured',
    references: [
      'https://github.com/armbian/build/issues/10713',
      'https://github.com/abiosoft/colima/issues/1613',
    ],
  },
  {
    id: 'openat2-musl-flags',
    title: 'openat2 gets wrong flags from emulators that were built with musl',
    effect: 'failure',
    seen: '`tar: …: Cannot open: Invalid argument` where the guest has GNU tar',
    says: [/Cannot (open|mkdir): Invalid argument/],
    cause: 'O_LARGEFILE is 0 in musl, so that O_NOFOLLOW becomes another flag',
    applies: {
      emulator: [{ from: '9.2', below: '10.1.3' }],
      build: { libc: 'musl' },
      guests: ['aarch64'],
    },
    workarounds: [
      { does: 'use an emulator that was built with glibc, such as Debian’s' },
      { does: 'use QEMU 10.1.3 or later', emulator: { from: '10.1.3' } },
    ],
    confidence: 'confirmed',
    references: [
      'https://github.com/tonistiigi/binfmt/issues/285',
      'https://github.com/tonistiigi/binfmt/pull/287',
    ],
  },
  {
    id: 'semtimedop-missing',
    title: 'fakeroot does not work in guests with glibc 2.31 or later',
    effect: 'failure',
    seen: '`semop(1): encountered an error: Function not implemented`',
    says: [/semop\(1\): encountered an error/],
    cause: 'glibc calls semtimedop, which QEMU before 5.1 does not have; Debian’s has it since 1:5.0-9',
    applies: { emulator: [{ below: '5.1' }] },
    workarounds: [
      { does: 'use QEMU 5.1 or later', emulator: { from: '5.1' } },
      { does: 'use fakeroot-tcp in the guest' },
    ],
    confidence: 'confirmed',
    references: [
      'https://github.com/osrf/multiarch-docker-image-generation/issues/36',
      'https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=965109',
    ],
  },
  {
    id: 'signals-33-64',
    title: 'handlers of the signals 33 and 64 cannot be set',
    effect: 'failure',
    seen: 'sigaction fails with EINVAL; thread libraries complain or abort',
    applies: { emulator: [{ below: '5.0' }] },
    workarounds: [{ does: 'use QEMU 5.0 or later', emulator: { from: '5.0' } }],
    confidence: 'confirmed',
    references: ['https://github.com/DynamoRIO/dynamorio/pull/4752'],
  },
  {
    id: 'directory-offsets-32-bit',
    title: '32-bit guests cannot list directories of file systems with 64-bit offsets',
    effect: 'failure',
    seen: '`Value too large for defined data type` from cargo, cmake, vcpkg and others',
    says: [/Value too large for defined data type/],
    cause:
      'ext4 and others give offsets of 64 bits to a 64-bit emulator; programs that were built without large files refuse them',
    applies: {
      hosts: ['x86_64', 'aarch64', 'ppc64le', 's390x', 'riscv64', 'loongarch64'],
      guests: ['arm', 'armeb', 'i386', 'mips', 'mipsel', 'ppc', 'sh4', 'riscv32'],
    },
    workarounds: [
      { does: 'put the directory on a tmpfs' },
      { does: 'build the program with -D_FILE_OFFSET_BITS=64' },
    ],
    confidence: 'confirmed',
    references: [
      'https://github.com/rust-lang/cargo/issues/8719',
      'https://gitlab.com/qemu-project/qemu/-/issues/263',
    ],
  },
];
