import { codeFromWords } from '../code.ts';
import type { LauncherHost } from '../launcher-host.ts';

// syscall 0: number in a7, arguments in a0 to a5, negative errno in a0; destroys t0 to t8.
const code = codeFromWords('little', [
  // start: s0 is the state; the arguments lie on the stack: argc, argv[0] …, 0, environment …
  0x1400_8217, // lu12i.w $s0, 0x410
  0x0390_02f7, // ori $s0, $s0, 0x400
  0x28c0_0064, // ld.d $a0, $sp, 0
  0x02c0_2065, // addi.d $a1, $sp, 8: argv
  0x0041_0c84, // slli.d $a0, $a0, 3
  0x0010_9484, // add.d $a0, $a0, $a1
  0x02c0_2084, // addi.d $a0, $a0, 8
  0x29c0_22e4, // st.d $a0, $s0, 8: environment
  // the slots: &argv[n], argv[n]
  0x28c0_42e6, // ld.d $a2, $s0, 16
  0x28c0_62e7, // ld.d $a3, $s0, 24
  // slot:
  0x5800_1cc7, // beq $a2, $a3, begin
  0x28c0_00a4, // ld.d $a0, $a1, 0
  0x29c0_00c5, // st.d $a1, $a2, 0
  0x29c0_20c4, // st.d $a0, $a2, 8
  0x02c0_40c6, // addi.d $a2, $a2, 16
  0x02c0_20a5, // addi.d $a1, $a1, 8
  0x53ff_ebff, // b slot
  // begin:
  0x28c0_02f8, // ld.d $s1, $s0, 0: the current step's record
  0x0380_0419, // ori $s2, $zero, 1
  0x0380_081a, // ori $s3, $zero, 2
  // evaluate the seven operands
  // step:
  0x02c0_230c, // addi.d $t0, $s1, 8
  0x02c0_82ed, // addi.d $t1, $s0, 32
  0x02c1_62ee, // addi.d $t2, $s0, 88
  // operand:
  0x28c0_018f, // ld.d $t3, $t0, 0
  0x28c0_2190, // ld.d $t4, $t0, 8
  0x5800_21e0, // beq $t3, $zero, evaluated
  0x5800_11f9, // beq $t3, $s2, load_byte
  0x5800_15fa, // beq $t3, $s3, load_integer
  0x28c0_0210, // ld.d $t4, $t4, 0
  0x5000_1000, // b evaluated
  // load_byte:
  0x2a00_0210, // ld.bu $t4, $t4, 0
  0x5000_0800, // b evaluated
  // load_integer:
  0x2880_0210, // ld.w $t4, $t4, 0
  // evaluated:
  0x29c0_01b0, // st.d $t4, $t1, 0
  0x02c0_418c, // addi.d $t0, $t0, 16
  0x02c0_21ad, // addi.d $t1, $t1, 8
  0x5fff_cdae, // bne $t1, $t2, operand
  // make the call; `evaluate` leaves its argument in a0
  0x28c0_82e4, // ld.d $a0, $s0, 32
  0x28c0_a2e5, // ld.d $a1, $s0, 40
  0x28c0_c2e6, // ld.d $a2, $s0, 48
  0x28c0_e2e7, // ld.d $a3, $s0, 56
  0x28c1_02e8, // ld.d $a4, $s0, 64
  0x28c1_22e9, // ld.d $a5, $s0, 72
  0x28c0_030b, // ld.d $a7, $s1, 0
  0x6000_0960, // blt $a7, $zero, result
  0x002b_0000, // syscall 0
  // store the result and go on
  // result:
  0x28c1_e30c, // ld.d $t0, $s1, 120
  0x2980_0184, // st.w $a0, $t0, 0
  0x15ff_ffec, // lu12i.w $t0, -1: -4096
  0x6800_1d84, // bltu $t0, $a0, error
  0x28c1_42ec, // ld.d $t0, $s0, 80
  0x5c00_0c8c, // bne $a0, $t0, otherwise
  0x28c2_0318, // ld.d $s1, $s1, 128
  0x53ff_7fff, // b step
  // otherwise:
  0x28c2_2318, // ld.d $s1, $s1, 136
  0x53ff_77ff, // b step
  // error:
  0x0011_100c, // sub.w $t0, $zero, $a0
  0x2981_72ec, // st.w $t0, $s0, 92: errno of the failure record
  0x28c2_630c, // ld.d $t0, $s1, 152
  0x2981_62ec, // st.w $t0, $s0, 88: its step
  0x28c2_4318, // ld.d $s1, $s1, 144
  0x53ff_5fff, // b step
]);

export const loongarch64: LauncherHost = {
  name: 'loongarch64',
  machines: ['loongarch64'],
  identity: { class: 64, endianness: 'little', machine: 258, flags: 0x43 }, // LP64D, object ABI 1
  code,
  numbering: 'generic',
};
