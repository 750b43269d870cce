import { readElf } from '../../core/elf.ts';
import { bytesSource } from '../../core/byte-source.ts';
import { AnyarchError } from '../../core/error.ts';

/** A program header, with its place in the file. Numbers are exact: what is not is refused. */
export interface ProgramHeader {
  /** Of the header itself, in bytes. */
  readonly at: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly alignment: number;
}

export interface Elf64 {
  readonly view: DataView;
  readonly little: boolean;
  /** e_machine */
  readonly machine: number;
  /** e_entry */
  readonly entry: number;
  readonly headers: readonly ProgramHeader[];
}

/** elf.h */
export const headerTypes = { load: 1, note: 4, property: 0x6474e553 } as const;
export const headerFlags = { execute: 1, write: 2, read: 4 } as const;
export const headerSize = 56;
export const entryAt = 24;

/**
 * A static ELF program of 64 bits whose segments are as linkers make them.
 *
 * @throws AnyarchError ANYARCH_EMULATOR_UNPATCHABLE
 */
export function readElf64(bytes: Uint8Array): Elf64 {
  const { linkage } = readable(bytes);
  if (bytes[4] !== 2) throw unpatchable('it is a program of 32 bits');
  if (linkage !== 'static' && linkage !== 'static-pie')
    throw unpatchable(`its linkage is ${linkage}, not static`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = bytes[5] === 1;
  const table = exact(view.getBigUint64(32, little));
  const headers = Array.from({ length: view.getUint16(56, little) }, (_, index) =>
    readHeader(view, table + index * headerSize, little),
  );
  checkSegments(headers, bytes.length);
  return {
    view,
    little,
    machine: view.getUint16(18, little),
    entry: exact(view.getBigUint64(entryAt, little)),
    headers,
  };
}

function readable(bytes: Uint8Array): { linkage: string } {
  try {
    return readElf(bytesSource(bytes));
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    throw unpatchable(error.message, error);
  }
}

function readHeader(view: DataView, at: number, little: boolean): ProgramHeader {
  const long = (offset: number): number => exact(view.getBigUint64(at + offset, little));
  return {
    at,
    type: view.getUint32(at, little),
    flags: view.getUint32(at + 4, little),
    offset: long(8),
    address: long(16),
    fileSize: long(32),
    memorySize: long(40),
    alignment: long(48),
  };
}

/** Loaded ones ascend without overlap, as the kernel wants them, and all that is in the file is in the file. */
function checkSegments(headers: readonly ProgramHeader[], size: number): void {
  let end = 0;
  for (const { type, offset, address, fileSize, memorySize, alignment } of headers) {
    if (offset + fileSize > size && fileSize > 0) throw unpatchable('it is cut off');
    if (type !== headerTypes.load) continue;
    if (address < end) throw unpatchable('its segments overlap, or are not in ascending order');
    if (fileSize > memorySize) throw unpatchable('a segment is larger in the file than in memory');
    if (!isPowerOfTwo(alignment) || (address - offset) % alignment !== 0)
      throw unpatchable('a segment is not aligned as it says');
    end = address + memorySize;
  }
  if (end === 0) throw unpatchable('it has no segments');
}

function isPowerOfTwo(number: number): boolean {
  return number > 0 && 2 ** Math.round(Math.log2(number)) === number;
}

/** Addresses of programs are below 2^47: larger ones belong to a damaged file. */
function exact(number: bigint): number {
  if (number >= 1n << 47n) throw unpatchable(`it has a number as large as ${number}`);
  return Number(number);
}

export function unpatchable(problem: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_EMULATOR_UNPATCHABLE', `the emulator cannot be patched: ${problem}`, {
    hint: 'it works as it is, without acceleration',
    cause,
  });
}
