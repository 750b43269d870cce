import { codeFromWords } from '../code.ts';
import type { LauncherHost } from '../launcher-host.ts';

// sc: number in r0, arguments in r3 to r8; positive errno in r3 with summary overflow set; destroys r0, r4 to r12.
const code = codeFromWords('little', [
  // start: r31 is the state; the arguments lie on the stack: argc, argv[0] …, 0, environment …
  0x3fe0_0041, // lis 31, 0x41
  0x63ff_0400, // ori 31, 31, 0x400
  0xe881_0000, // ld 4, 0(1)
  0x3861_0008, // addi 3, 1, 8: argv
  0x7884_1f24, // sldi 4, 4, 3
  0x7c84_1a14, // add 4, 4, 3
  0x3884_0008, // addi 4, 4, 8
  0xf89f_0008, // std 4, 8(31): environment
  // the slots: &argv[n], argv[n]
  0xe8bf_0010, // ld 5, 16(31)
  0xe8df_0018, // ld 6, 24(31)
  // slot:
  0x7c25_3000, // cmpd 5, 6
  0x4182_001c, // beq 0, begin
  0xe883_0000, // ld 4, 0(3)
  0xf865_0000, // std 3, 0(5)
  0xf885_0008, // std 4, 8(5)
  0x38a5_0010, // addi 5, 5, 16
  0x3863_0008, // addi 3, 3, 8
  0x4bff_ffe4, // b slot
  // begin:
  0xebdf_0000, // ld 30, 0(31): the current step's record
  // evaluate the seven operands
  // step:
  0x393e_0008, // addi 9, 30, 8
  0x395f_0020, // addi 10, 31, 32
  0x397f_0058, // addi 11, 31, 88
  // operand:
  0xe8e9_0000, // ld 7, 0(9)
  0xe909_0008, // ld 8, 8(9)
  0x2c27_0001, // cmpdi 7, 1
  0x4180_0024, // blt 0, evaluated
  0x4182_0014, // beq 0, load_byte
  0x2c27_0002, // cmpdi 7, 2
  0x4182_0014, // beq 0, load_integer
  0xe908_0000, // ld 8, 0(8)
  0x4800_0010, // b evaluated
  // load_byte:
  0x8908_0000, // lbz 8, 0(8)
  0x4800_0008, // b evaluated
  // load_integer:
  0xe908_0002, // lwa 8, 0(8)
  // evaluated:
  0xf90a_0000, // std 8, 0(10)
  0x3929_0010, // addi 9, 9, 16
  0x394a_0008, // addi 10, 10, 8
  0x7c2a_5800, // cmpd 10, 11
  0x4082_ffc0, // bne 0, operand
  // make the call; `evaluate` leaves its argument in r3
  0xe87f_0020, // ld 3, 32(31)
  0xe89f_0028, // ld 4, 40(31)
  0xe8bf_0030, // ld 5, 48(31)
  0xe8df_0038, // ld 6, 56(31)
  0xe8ff_0040, // ld 7, 64(31)
  0xe91f_0048, // ld 8, 72(31)
  0xe81e_0000, // ld 0, 0(30)
  0x2c20_0000, // cmpdi 0, 0
  0x4180_0010, // blt 0, result
  0x4400_0002, // sc
  0x4083_0008, // bns 0, result
  0x7c63_00d0, // neg 3, 3: summary overflow: r3 is a positive errno
  // store the result and go on
  // result:
  0xe93e_0078, // ld 9, 120(30)
  0x9069_0000, // stw 3, 0(9)
  0x3920_f001, // li 9, -4095
  0x7c23_4840, // cmpld 3, 9
  0x4080_0020, // bge 0, error
  0xe93f_0050, // ld 9, 80(31)
  0x7c23_4800, // cmpd 3, 9
  0x4082_000c, // bne 0, otherwise
  0xebde_0080, // ld 30, 128(30)
  0x4bff_ff5c, // b step
  // otherwise:
  0xebde_0088, // ld 30, 136(30)
  0x4bff_ff54, // b step
  // error:
  0x7c63_00d0, // neg 3, 3
  0x907f_005c, // stw 3, 92(31): errno of the failure record
  0xe87e_0098, // ld 3, 152(30)
  0x907f_0058, // stw 3, 88(31): its step
  0xebde_0090, // ld 30, 144(30)
  0x4bff_ff3c, // b step
]);

export const ppc64le: LauncherHost = {
  name: 'ppc64le',
  machines: ['ppc64le'],
  // ABI 2: the entry point is code and no function descriptor.
  identity: { class: 64, endianness: 'little', machine: 21, flags: 2 },
  code,
  numbering: 'ppc64le',
};
