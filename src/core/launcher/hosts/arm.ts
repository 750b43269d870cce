import { codeFromWords } from '../code.ts';
import type { LauncherHost } from '../launcher-host.ts';

// svc #0 (EABI): number in r7, arguments in r0 to r5, negative errno in r0. A32 instructions of ARMv5.
const code = codeFromWords('little', [
  // start: r10 is the state; the arguments lie on the stack: argc, argv[0] …, 0, environment …
  0xe3a0_a841, // mov r10, #0x410000
  0xe38a_ab01, // orr r10, r10, #0x400
  0xe59d_0000, // ldr r0, [sp]
  0xe28d_1004, // add r1, sp, #4: argv
  0xe081_2100, // add r2, r1, r0, lsl #2
  0xe282_2004, // add r2, r2, #4
  0xe58a_2004, // str r2, [r10, #4]: environment
  // the slots: &argv[n], argv[n]
  0xe59a_3008, // ldr r3, [r10, #8]
  0xe59a_400c, // ldr r4, [r10, #12]
  // slot:
  0xe153_0004, // cmp r3, r4
  0x0a00_0004, // beq begin
  0xe591_2000, // ldr r2, [r1]
  0xe483_1004, // str r1, [r3], #4
  0xe483_2004, // str r2, [r3], #4
  0xe281_1004, // add r1, r1, #4
  0xeaff_fff8, // b slot
  // begin:
  0xe59a_b000, // ldr r11, [r10]: the current step's record
  // evaluate the seven operands
  // step:
  0xe28b_0004, // add r0, r11, #4
  0xe28a_1010, // add r1, r10, #16
  0xe28a_202c, // add r2, r10, #44
  // operand:
  0xe490_3004, // ldr r3, [r0], #4
  0xe490_4004, // ldr r4, [r0], #4
  0xe353_0001, // cmp r3, #1
  0x05d4_4000, // ldrbeq r4, [r4]
  0x8594_4000, // ldrhi r4, [r4]: integers and words are the same
  0xe481_4004, // str r4, [r1], #4
  0xe151_0002, // cmp r1, r2
  0x1aff_fff7, // bne operand
  // make the call; `evaluate` leaves its argument in r0
  0xe28a_8010, // add r8, r10, #16
  0xe898_003f, // ldm r8, {r0, r1, r2, r3, r4, r5}
  0xe59b_7000, // ldr r7, [r11]
  0xe357_0000, // cmp r7, #0
  0xba00_0000, // blt result
  0xef00_0000, // svc #0
  // store the result and go on
  // result:
  0xe59b_803c, // ldr r8, [r11, #60]
  0xe588_0000, // str r0, [r8]
  0xe370_0a01, // cmn r0, #4096: carries for -4096 to -1; 4095 is no immediate operand
  0x2a00_0004, // bhs error
  0xe59a_8028, // ldr r8, [r10, #40]
  0xe150_0008, // cmp r0, r8
  0x059b_b040, // ldreq r11, [r11, #64]
  0x159b_b044, // ldrne r11, [r11, #68]
  0xeaff_ffe5, // b step
  // error:
  0xe260_0000, // rsb r0, r0, #0
  0xe58a_0030, // str r0, [r10, #48]: errno of the failure record
  0xe59b_004c, // ldr r0, [r11, #76]
  0xe58a_002c, // str r0, [r10, #44]: its step
  0xe59b_b048, // ldr r11, [r11, #72]
  0xeaff_ffdf, // b step
]);

export const arm: LauncherHost = {
  name: 'arm',
  // armv8l: a 32-bit personality (setarch) of a 64-bit kernel.
  machines: ['armv5tel', 'armv5tejl', 'armv6l', 'armv7l', 'armv8l'],
  identity: { class: 32, endianness: 'little', machine: 40, flags: 0x0500_0000 }, // EABI 5
  code,
  numbering: 'arm',
};
