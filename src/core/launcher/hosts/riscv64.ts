import { codeFromWords } from '../code.ts';
import type { LauncherHost } from '../launcher-host.ts';

// ecall: number in a7, arguments in a0 to a5, negative errno in a0.
const code = codeFromWords('little', [
  // start: s0 is the state; the arguments lie on the stack: argc, argv[0] …, 0, environment …
  0x0041_0437, // lui s0, 0x410
  0x4004_0413, // addi s0, s0, 0x400
  0x0001_3503, // ld a0, 0(sp)
  0x0081_0593, // addi a1, sp, 8: argv
  0x0035_1513, // slli a0, a0, 3
  0x00b5_0533, // add a0, a0, a1
  0x0085_0513, // addi a0, a0, 8
  0x00a4_3423, // sd a0, 8(s0): environment
  // the slots: &argv[n], argv[n]
  0x0104_3603, // ld a2, 16(s0)
  0x0184_3683, // ld a3, 24(s0)
  // slot:
  0x00d6_0e63, // beq a2, a3, begin
  0x0005_b503, // ld a0, 0(a1)
  0x00b6_3023, // sd a1, 0(a2)
  0x00a6_3423, // sd a0, 8(a2)
  0x0106_0613, // addi a2, a2, 16
  0x0085_8593, // addi a1, a1, 8
  0xfe9f_f06f, // j slot
  // begin:
  0x0004_3483, // ld s1, 0(s0): the current step's record
  0x0010_0913, // li s2, 1
  0x0020_0993, // li s3, 2
  // evaluate the seven operands
  // step:
  0x0084_8293, // addi t0, s1, 8
  0x0204_0313, // addi t1, s0, 32
  0x0584_0393, // addi t2, s0, 88
  // operand:
  0x0002_be03, // ld t3, 0(t0)
  0x0082_be83, // ld t4, 8(t0)
  0x020e_0063, // beqz t3, evaluated
  0x012e_0863, // beq t3, s2, load_byte
  0x013e_0a63, // beq t3, s3, load_integer
  0x000e_be83, // ld t4, 0(t4)
  0x0100_006f, // j evaluated
  // load_byte:
  0x000e_ce83, // lbu t4, 0(t4)
  0x0080_006f, // j evaluated
  // load_integer:
  0x000e_ae83, // lw t4, 0(t4)
  // evaluated:
  0x01d3_3023, // sd t4, 0(t1)
  0x0102_8293, // addi t0, t0, 16
  0x0083_0313, // addi t1, t1, 8
  0xfc73_16e3, // bne t1, t2, operand
  // make the call; `evaluate` leaves its argument in a0
  0x0204_3503, // ld a0, 32(s0)
  0x0284_3583, // ld a1, 40(s0)
  0x0304_3603, // ld a2, 48(s0)
  0x0384_3683, // ld a3, 56(s0)
  0x0404_3703, // ld a4, 64(s0)
  0x0484_3783, // ld a5, 72(s0)
  0x0004_b883, // ld a7, 0(s1)
  0x0008_c463, // bltz a7, result
  0x0000_0073, // ecall
  // store the result and go on
  // result:
  0x0784_b283, // ld t0, 120(s1)
  0x00a2_a023, // sw a0, 0(t0)
  0xffff_f2b7, // lui t0, 0xfffff: -4096
  0x00a2_ee63, // bltu t0, a0, error
  0x0504_3283, // ld t0, 80(s0)
  0x0055_1663, // bne a0, t0, otherwise
  0x0804_b483, // ld s1, 128(s1)
  0xf7df_f06f, // j step
  // otherwise:
  0x0884_b483, // ld s1, 136(s1)
  0xf75f_f06f, // j step
  // error:
  0x40a0_02bb, // negw t0, a0
  0x0454_2e23, // sw t0, 92(s0): errno of the failure record
  0x0984_b283, // ld t0, 152(s1)
  0x0454_2c23, // sw t0, 88(s0): its step
  0x0904_b483, // ld s1, 144(s1)
  0xf5df_f06f, // j step
]);

export const riscv64: LauncherHost = {
  name: 'riscv64',
  machines: ['riscv64'],
  identity: { class: 64, endianness: 'little', machine: 243 },
  code,
  numbering: 'generic',
};
