/** A program that runs on a bare machine, says one letter and switches the machine off. */
export interface Payload {
  /** `MachineDefinition.architecture` */
  readonly architecture: string;
  /** What takes the place of the firmware. */
  readonly image: Uint8Array;
  /** QEMU's words behind accelerator and CPU. `FILE` is the image. */
  readonly words: readonly string[];
  /** QEMU's exit code when the payload ran to its end. */
  readonly exitCode: number;
}

/** Bytes of an x86 firmware: the first instruction is 16 bytes before its end. */
const romSize = 65_536;

/** Real mode, as after a reset: the letter to the debugging port, then 1 to the port that ends QEMU with 2 * 1 + 1. */
function x86Rom(): Uint8Array {
  const rom = new Uint8Array(romSize).fill(0xf4);
  // mov al, 'K'; out 0xe9, al; mov al, 1; out 0xf4, al; hlt
  rom.set([0xb0, letter, 0xe6, 0xe9, 0xb0, 0x01, 0xe6, 0xf4, 0xf4], 0);
  // jmp near to the ROM's beginning, relative to the next instruction at 0xfff3
  rom.set([0xe9, 0x0d, 0x00], romSize - 16);
  return rom;
}

/** The letter to the first serial line (PL011 at 0x09000000), then PSCI's SYSTEM_OFF. */
function armImage(): Uint8Array {
  const instructions = [
    0xd2a12001, // movz x1, #0x0900, lsl #16
    0x52800000 | (letter << 5) | 2, // movz w2, #letter
    0xb9000022, // str w2, [x1]
    0xd2b08000, // movz x0, #0x8400, lsl #16
    0xf2800100, // movk x0, #8
    0xd4000002, // hvc #0
    0x14000000, // b .
  ];
  const image = new Uint8Array(instructions.length * 4);
  const view = new DataView(image.buffer);
  for (const [index, instruction] of instructions.entries())
    view.setUint32(index * 4, instruction >>> 0, true);
  return image;
}

const letter = 'K'.charCodeAt(0);

/** What a payload prints. */
export const payloadText = 'K';

/** Where hosts are worth it: the others are emulated, and it is said why. */
export const payloads: readonly Payload[] = [
  {
    architecture: 'x86_64',
    image: x86Rom(),
    words: [
      '-machine',
      'q35',
      '-chardev',
      'stdio,id=out',
      '-device',
      'isa-debugcon,chardev=out',
      '-device',
      'isa-debug-exit,iobase=0xf4,iosize=4',
      '-bios',
      'FILE',
    ],
    exitCode: 3,
  },
  {
    architecture: 'aarch64',
    image: armImage(),
    words: ['-machine', 'virt', '-serial', 'stdio', '-bios', 'FILE'],
    exitCode: 0,
  },
];
