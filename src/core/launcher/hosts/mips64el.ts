import { codeFromWords } from '../code.ts';
import type { LauncherHost } from '../launcher-host.ts';

// syscall (n64): number in v0, arguments in a0 to a5, result in v0; positive errno there when a3 is set. What stands
// after a branch is executed before it is taken.
const code = codeFromWords('little', [
  // start: s0 is the state; the arguments lie on the stack: argc, argv[0] …, 0, environment …
  0x3c10_0041, // lui $s0, 0x41
  0x3610_0400, // ori $s0, $s0, 0x400
  0xdfa4_0000, // ld $a0, 0($sp)
  0x67a5_0008, // daddiu $a1, $sp, 8: argv
  0x0004_20f8, // dsll $a0, $a0, 3
  0x0085_202d, // daddu $a0, $a0, $a1
  0x6484_0008, // daddiu $a0, $a0, 8
  0xfe04_0008, // sd $a0, 8($s0): environment
  // the slots: &argv[n], argv[n]
  0xde06_0010, // ld $a2, 16($s0)
  0xde07_0018, // ld $a3, 24($s0)
  // slot:
  0x10c7_0007, // beq $a2, $a3, begin
  0x0000_0000, // nop
  0xdca2_0000, // ld $v0, 0($a1)
  0xfcc5_0000, // sd $a1, 0($a2)
  0xfcc2_0008, // sd $v0, 8($a2)
  0x64c6_0010, // daddiu $a2, $a2, 16
  0x1000_fff9, // beq $zero, $zero, slot
  0x64a5_0008, // daddiu $a1, $a1, 8
  // begin:
  0xde11_0000, // ld $s1, 0($s0): the current step's record
  0x3412_0001, // ori $s2, $zero, 1
  0x3413_0002, // ori $s3, $zero, 2
  // evaluate the seven operands
  // step:
  0x662c_0008, // daddiu $t0, $s1, 8
  0x660d_0020, // daddiu $t1, $s0, 32
  0x660e_0058, // daddiu $t2, $s0, 88
  // operand:
  0xdd8f_0000, // ld $t3, 0($t0)
  0x11e0_000a, // beq $t3, $zero, evaluated
  0xdd82_0008, // ld $v0, 8($t0): in the delay slot: taken or not
  0x11f2_0005, // beq $t3, $s2, load_byte
  0x0000_0000, // nop
  0x11f3_0005, // beq $t3, $s3, load_integer
  0x0000_0000, // nop
  0x1000_0004, // beq $zero, $zero, evaluated
  0xdc42_0000, // ld $v0, 0($v0)
  // load_byte:
  0x1000_0002, // beq $zero, $zero, evaluated
  0x9042_0000, // lbu $v0, 0($v0)
  // load_integer:
  0x8c42_0000, // lw $v0, 0($v0)
  // evaluated:
  0xfda2_0000, // sd $v0, 0($t1)
  0x65ad_0008, // daddiu $t1, $t1, 8
  0x15ae_fff1, // bne $t1, $t2, operand
  0x658c_0010, // daddiu $t0, $t0, 16
  // make the call; `evaluate` has its argument as its result
  0xde04_0020, // ld $a0, 32($s0)
  0xde05_0028, // ld $a1, 40($s0)
  0xde06_0030, // ld $a2, 48($s0)
  0xde07_0038, // ld $a3, 56($s0)
  0xde08_0040, // ld $a4, 64($s0)
  0xde09_0048, // ld $a5, 72($s0)
  0xde22_0000, // ld $v0, 0($s1)
  0x0440_0005, // bltz $v0, result
  0x0080_1825, // or $v1, $a0, $zero
  0x0000_000c, // syscall
  0x10e0_0002, // beq $a3, $zero, result
  0x0040_1825, // or $v1, $v0, $zero
  0x0002_182f, // dsubu $v1, $zero, $v0: a3 is set: v0 is a positive errno
  // v1 is the result; store it and go on
  // result:
  0xde2c_0078, // ld $t0, 120($s1)
  0xad83_0000, // sw $v1, 0($t0)
  0x240c_f001, // addiu $t0, $zero, -4095
  0x006c_602b, // sltu $t0, $v1, $t0
  0x1180_0007, // beq $t0, $zero, error
  0xde0c_0050, // ld $t0, 80($s0)
  0x146c_0003, // bne $v1, $t0, otherwise
  0x0000_0000, // nop
  0x1000_ffd7, // beq $zero, $zero, step
  0xde31_0080, // ld $s1, 128($s1)
  // otherwise:
  0x1000_ffd5, // beq $zero, $zero, step
  0xde31_0088, // ld $s1, 136($s1)
  // error:
  0x0003_6023, // subu $t0, $zero, $v1
  0xae0c_005c, // sw $t0, 92($s0): errno of the failure record
  0xde2c_0098, // ld $t0, 152($s1)
  0xae0c_0058, // sw $t0, 88($s0): its step
  0x1000_ffcf, // beq $zero, $zero, step
  0xde31_0090, // ld $s1, 144($s1)
]);

export const mips64el: LauncherHost = {
  name: 'mips64el',
  // The kernel's name says nothing of the byte order, but big-endian mips64 has no Node.
  machines: ['mips64', 'mips64el'],
  identity: { class: 64, endianness: 'little', machine: 8, flags: 0x6000_0000 }, // MIPS64
  code,
  numbering: 'mips64',
};
