import { codeFromBytes, codeFromHalfWords, codeFromWords } from '../launcher/code.ts';
import type { ExecutableIdentity } from '../launcher/static-executable.ts';

export interface ProbeArchitecture {
  readonly identity: ExecutableIdentity;
  /** The machine code of exit(exitCode). */
  readonly code: (exitCode: number) => Uint8Array;
}

type Endianness = 'little' | 'big';

// e_machine numbers and e_flags: binutils, include/elf/. System call numbers and registers: syscall(2).
const table: Readonly<Record<string, ProbeArchitecture>> = {
  // Instructions are little-endian whatever the data is.
  aarch64: { identity: { class: 64, endianness: 'little', machine: 183 }, code: aarch64 },
  aarch64_be: { identity: { class: 64, endianness: 'big', machine: 183 }, code: aarch64 },
  alpha: {
    identity: { class: 64, endianness: 'little', machine: 0x9026 },
    code: (exitCode) =>
      codeFromWords('little', [
        0x221f_0000 | exitCode, // lda a0, exitCode(zero)
        0x201f_0001, // lda v0, 1(zero)
        0x0000_0083, // callsys
      ]),
  },
  // EABI 5, A32 instructions that every core from ARMv5 on has; armeb is BE8: big-endian data, little-endian code.
  arm: { identity: { class: 32, endianness: 'little', machine: 40, flags: 0x0500_0000 }, code: arm },
  armeb: { identity: { class: 32, endianness: 'big', machine: 40, flags: 0x0580_0000 }, code: arm },
  hexagon: {
    identity: { class: 32, endianness: 'little', machine: 164, flags: 0x67 }, // V67
    code: (exitCode) =>
      codeFromWords('little', [
        // Rd = #s16 has its immediate in bits 5 to 13 and 16 to 20.
        0x7800_c000 | ((exitCode & 0x1ff) << 5), // { r0 = #exitCode }
        0x7800_cba6, // { r6 = #93 }
        0x5400_c004, // { trap0(#1) }
      ]),
  },
  hppa: {
    identity: { class: 32, endianness: 'big', machine: 15, flags: 0x210 }, // PA-RISC 1.1
    code: (exitCode) =>
      codeFromWords('big', [
        0x341a_0000 | (exitCode << 1), // ldi exitCode, r26
        0xe400_8200, // ble 0x100(sr2, r0): the gateway page
        0x3414_0002, // ldi 1, r20: in the delay slot
      ]),
  },
  i386: {
    identity: { class: 32, endianness: 'little', machine: 3 },
    code: (exitCode) =>
      codeFromBytes([
        `bb ${byte(exitCode)} 00 00 00`, // mov ebx, exitCode
        'b8 01 00 00 00', // mov eax, 1
        'cd 80', // int 0x80
      ]),
  },
  loongarch64: {
    identity: { class: 64, endianness: 'little', machine: 258, flags: 0x43 }, // LP64D, object ABI 1
    code: (exitCode) =>
      codeFromWords('little', [
        0x0380_0004 | (exitCode << 10), // ori a0, zero, exitCode
        0x0381_740b, // ori a7, zero, 93
        0x002b_0000, // syscall 0
      ]),
  },
  m68k: {
    identity: { class: 32, endianness: 'big', machine: 4 },
    code: (exitCode) =>
      codeFromBytes([
        // Sign-extended; exit(2) takes the low byte.
        `72 ${byte(exitCode)}`, // moveq #exitCode, d1
        '70 01', // moveq #1, d0
        '4e 40', // trap #0
      ]),
  },
  microblaze: { identity: { class: 32, endianness: 'big', machine: 0xbaab }, code: microblaze('big') },
  microblazeel: {
    identity: { class: 32, endianness: 'little', machine: 0xbaab },
    code: microblaze('little'),
  },
  // MIPS32 and MIPS64 of the first release; o32, n64 (no ABI flag) and n32 (EF_MIPS_ABI2).
  mips: {
    identity: { class: 32, endianness: 'big', machine: 8, flags: 0x5000_1000 },
    code: mips('big', 4001),
  },
  mipsel: {
    identity: { class: 32, endianness: 'little', machine: 8, flags: 0x5000_1000 },
    code: mips('little', 4001),
  },
  mips64: {
    identity: { class: 64, endianness: 'big', machine: 8, flags: 0x6000_0000 },
    code: mips('big', 5058),
  },
  mips64el: {
    identity: { class: 64, endianness: 'little', machine: 8, flags: 0x6000_0000 },
    code: mips('little', 5058),
  },
  mipsn32: {
    identity: { class: 32, endianness: 'big', machine: 8, flags: 0x6000_0020 },
    code: mips('big', 6058),
  },
  mipsn32el: {
    identity: { class: 32, endianness: 'little', machine: 8, flags: 0x6000_0020 },
    code: mips('little', 6058),
  },
  or1k: {
    identity: { class: 32, endianness: 'big', machine: 92 },
    code: (exitCode) =>
      codeFromWords('big', [
        0xa860_0000 | exitCode, // l.ori r3, r0, exitCode
        0xa960_005d, // l.ori r11, r0, 93
        0x2000_0001, // l.sys 1
      ]),
  },
  ppc: { identity: { class: 32, endianness: 'big', machine: 20 }, code: powerpc('big') },
  // ABI 2: the entry point is code. With ABI 1, the default of big-endian programs, it would be a function descriptor.
  ppc64: { identity: { class: 64, endianness: 'big', machine: 21, flags: 2 }, code: powerpc('big') },
  ppc64le: { identity: { class: 64, endianness: 'little', machine: 21, flags: 2 }, code: powerpc('little') },
  riscv32: { identity: { class: 32, endianness: 'little', machine: 243 }, code: riscv },
  riscv64: { identity: { class: 64, endianness: 'little', machine: 243 }, code: riscv },
  s390x: {
    identity: { class: 64, endianness: 'big', machine: 22 },
    code: (exitCode) =>
      codeFromBytes([
        `a7 29 00 ${byte(exitCode)}`, // lghi r2, exitCode
        '0a 01', // svc 1
      ]),
  },
  sh4: { identity: { class: 32, endianness: 'little', machine: 42, flags: 9 }, code: sh4('little') },
  sh4eb: { identity: { class: 32, endianness: 'big', machine: 42, flags: 9 }, code: sh4('big') },
  sparc: { identity: { class: 32, endianness: 'big', machine: 2 }, code: sparc(0x10) },
  sparc32plus: { identity: { class: 32, endianness: 'big', machine: 18, flags: 0x100 }, code: sparc(0x10) },
  sparc64: { identity: { class: 64, endianness: 'big', machine: 43 }, code: sparc(0x6d) },
  x86_64: {
    identity: { class: 64, endianness: 'little', machine: 62 },
    code: (exitCode) =>
      codeFromBytes([
        `bf ${byte(exitCode)} 00 00 00`, // mov edi, exitCode
        'b8 3c 00 00 00', // mov eax, 60
        '0f 05', // syscall
      ]),
  },
  xtensa: {
    identity: { class: 32, endianness: 'little', machine: 94, flags: 0x300 },
    code: (exitCode) =>
      codeFromBytes([
        `62 a0 ${byte(exitCode)}`, // movi a6, exitCode
        '22 a0 76', // movi a2, 118
        '00 50 00', // syscall
      ]),
  },
  xtensaeb: {
    identity: { class: 32, endianness: 'big', machine: 94, flags: 0x300 },
    code: (exitCode) =>
      codeFromBytes([
        // The fields of an instruction stand in the opposite order, not only its bytes.
        `26 0a ${byte(exitCode)}`, // movi a6, exitCode
        '22 0a 76', // movi a2, 118
        '00 05 00', // syscall
      ]),
  },
};

export const probeTable: ReadonlyMap<string, ProbeArchitecture> = new Map(Object.entries(table));

function aarch64(exitCode: number): Uint8Array {
  return codeFromWords('little', [
    0xd280_0000 | (exitCode << 5), // mov x0, #exitCode
    0xd280_0ba8, // mov x8, #93
    0xd400_0001, // svc #0
  ]);
}

function arm(exitCode: number): Uint8Array {
  return codeFromWords('little', [
    0xe3a0_0000 | exitCode, // mov r0, #exitCode
    0xe3a0_7001, // mov r7, #1
    0xef00_0000, // svc #0
  ]);
}

function microblaze(endianness: Endianness): (exitCode: number) => Uint8Array {
  return (exitCode) =>
    codeFromWords(endianness, [
      0x30a0_0000 | exitCode, // addik r5, r0, exitCode
      0x3180_0001, // addik r12, r0, 1
      0xb9cc_0008, // brki r14, 8
    ]);
}

function mips(endianness: Endianness, exitNumber: number): (exitCode: number) => Uint8Array {
  return (exitCode) =>
    codeFromWords(endianness, [
      0x2404_0000 | exitCode, // addiu a0, zero, exitCode
      0x2402_0000 | exitNumber, // addiu v0, zero, exitNumber
      0x0000_000c, // syscall
    ]);
}

function powerpc(endianness: Endianness): (exitCode: number) => Uint8Array {
  return (exitCode) =>
    codeFromWords(endianness, [
      0x3860_0000 | exitCode, // li r3, exitCode
      0x3800_0001, // li r0, 1
      0x4400_0002, // sc
    ]);
}

function riscv(exitCode: number): Uint8Array {
  return codeFromWords('little', [
    0x0000_0513 | (exitCode << 20), // li a0, exitCode
    0x05d0_0893, // li a7, 93
    0x0000_0073, // ecall
  ]);
}

function sh4(endianness: Endianness): (exitCode: number) => Uint8Array {
  return (exitCode) =>
    codeFromHalfWords(endianness, [
      // Sign-extended; exit(2) takes the low byte.
      0xe400 | exitCode, // mov #exitCode, r4
      0xe301, // mov #1, r3
      0xc311, // trapa #0x11
    ]);
}

function sparc(trap: number): (exitCode: number) => Uint8Array {
  return (exitCode) =>
    codeFromWords('big', [
      0x9010_2000 | exitCode, // mov exitCode, %o0
      0x8210_2001, // mov 1, %g1
      0x91d0_2000 | trap, // ta trap
    ]);
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
