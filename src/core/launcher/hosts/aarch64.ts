import { codeFromWords } from '../code.ts';
import type { LauncherHost } from '../launcher-host.ts';

// svc #0: number in x8, arguments in x0 to x5, negative errno in x0.
const code = codeFromWords('little', [
  // start: x20 is the state; the arguments lie on the stack: argc, argv[0] …, 0, environment …
  0xd280_8014, // mov x20, #0x400
  0xf2a0_0834, // movk x20, #0x41, lsl #16
  0xf940_03e0, // ldr x0, [sp]
  0x9100_23e1, // add x1, sp, #8: argv
  0x8b00_0c22, // add x2, x1, x0, lsl #3
  0x9100_2042, // add x2, x2, #8
  0xf900_0682, // str x2, [x20, #8]: environment
  // the slots: &argv[n], argv[n]
  0xa941_1283, // ldp x3, x4, [x20, #16]
  // slot:
  0xeb04_007f, // cmp x3, x4
  0x5400_00a0, // b.eq begin
  0xf940_0022, // ldr x2, [x1]
  0xa881_0861, // stp x1, x2, [x3], #16
  0x9100_2021, // add x1, x1, #8
  0x17ff_fffb, // b slot
  // begin:
  0xf940_0293, // ldr x19, [x20]: the current step's record
  // evaluate the seven operands
  // step:
  0x9100_2269, // add x9, x19, #8
  0x9100_828a, // add x10, x20, #32
  0x9101_628b, // add x11, x20, #88
  // operand:
  0xa8c1_352c, // ldp x12, x13, [x9], #16
  0xb400_012c, // cbz x12, evaluated
  0xf100_099f, // cmp x12, #2
  0x5400_0083, // b.lo load_byte
  0x5400_00a0, // b.eq load_integer
  0xf940_01ad, // ldr x13, [x13]
  0x1400_0004, // b evaluated
  // load_byte:
  0x3940_01ad, // ldrb w13, [x13]
  0x1400_0002, // b evaluated
  // load_integer:
  0xb980_01ad, // ldrsw x13, [x13]
  // evaluated:
  0xf800_854d, // str x13, [x10], #8
  0xeb0b_015f, // cmp x10, x11
  0x54ff_fe81, // b.ne operand
  // make the call; `evaluate` leaves its argument in x0
  0xa942_0680, // ldp x0, x1, [x20, #32]
  0xa943_0e82, // ldp x2, x3, [x20, #48]
  0xa944_1684, // ldp x4, x5, [x20, #64]
  0xf940_0268, // ldr x8, [x19]
  0xb7f8_0048, // tbnz x8, #63, result
  0xd400_0001, // svc #0
  // store the result and go on
  // result:
  0xf940_3e69, // ldr x9, [x19, #120]
  0xb900_0120, // str w0, [x9]
  0xb13f_fc1f, // cmn x0, #4095: carries for -4095 to -1
  0x5400_0102, // b.hs error
  0xf940_2a89, // ldr x9, [x20, #80]
  0xeb09_001f, // cmp x0, x9
  0x5400_0061, // b.ne otherwise
  0xf940_4273, // ldr x19, [x19, #128]
  0x17ff_ffe2, // b step
  // otherwise:
  0xf940_4673, // ldr x19, [x19, #136]
  0x17ff_ffe0, // b step
  // error:
  0x4b00_03e9, // neg w9, w0
  0xb900_5e89, // str w9, [x20, #92]: errno of the failure record
  0xf940_4e69, // ldr x9, [x19, #152]
  0xb900_5a89, // str w9, [x20, #88]: its step
  0xf940_4a73, // ldr x19, [x19, #144]
  0x17ff_ffda, // b step
]);

export const aarch64: LauncherHost = {
  name: 'aarch64',
  machines: ['aarch64'],
  identity: { class: 64, endianness: 'little', machine: 183 },
  code,
  numbering: 'generic',
};
