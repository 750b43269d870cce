import { AnyarchError } from './error.ts';

/** The fields of an ELF header that tell who can run the file. */
export interface ElfHeader {
  readonly class: 32 | 64;
  readonly endianness: 'little' | 'big';
  /** EI_OSABI */
  readonly osAbi: number;
  readonly abiVersion: number;
  /** e_type: 1 relocatable, 2 executable, 3 shared object or position-independent executable, 4 core. */
  readonly type: number;
  /** e_machine */
  readonly machine: number;
  /** e_flags, unsigned */
  readonly flags: number;
  /** e_entry in hexadecimal with `0x`: a 64-bit number is not exact as a JavaScript number and not JSON as a bigint. */
  readonly entry: string;
}

/** Where the program headers are. */
export interface ProgramHeaderTable {
  readonly offset: number;
  readonly entrySize: number;
  readonly count: number;
}

/**
 * Reads the header from a file's first bytes (52 or 64 are needed).
 *
 * @throws AnyarchError ANYARCH_ELF_INVALID
 */
export function readElfHeader(bytes: Uint8Array): ElfHeader {
  return readLayout(bytes).header;
}

/** Whether the bytes start like an ELF file. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

export function readLayout(bytes: Uint8Array): { header: ElfHeader; programHeaders: ProgramHeaderTable } {
  if (!isElf(bytes)) throw invalidElf(0, bytes.length === 0 ? 'the file is empty' : 'no ELF magic number');
  const elfClass = { 1: 32, 2: 64 }[bytes[4] ?? 0] as 32 | 64 | undefined;
  if (elfClass === undefined)
    throw invalidElf(4, `class ${bytes[4] ?? 'missing'} is neither 1 (32 bits) nor 2 (64 bits)`);
  const encoding = bytes[5] ?? 0;
  if (encoding !== 1 && encoding !== 2)
    throw invalidElf(5, `byte order ${encoding} is neither 1 (little) nor 2 (big)`);
  const wide = elfClass === 64;
  const size = wide ? 64 : 52;
  if (bytes.length < size)
    throw invalidElf(bytes.length, `the header is cut off: ${bytes.length} of ${size} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  const little = encoding === 1;
  const half = (offset: number): number => view.getUint16(offset, little);
  const header: ElfHeader = {
    class: elfClass,
    endianness: little ? 'little' : 'big',
    osAbi: view.getUint8(7),
    abiVersion: view.getUint8(8),
    type: half(16),
    machine: half(18),
    flags: view.getUint32(wide ? 48 : 36, little),
    entry: `0x${wide ? view.getBigUint64(24, little).toString(16) : view.getUint32(24, little).toString(16)}`,
  };
  const programHeaders = {
    offset: wide ? Number(view.getBigUint64(32, little)) : view.getUint32(28, little),
    entrySize: half(wide ? 54 : 42),
    count: half(wide ? 56 : 44),
  };
  return { header, programHeaders };
}

export function invalidElf(offset: number, problem: string): AnyarchError {
  return new AnyarchError('ANYARCH_ELF_INVALID', `not a usable ELF file: ${problem} (at offset ${offset})`, {
    details: { offset },
  });
}
