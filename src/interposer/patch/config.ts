import { concatBytes, equalBytes } from '../../core/bytes.ts';
import { fromHex, toHex } from '../../core/hex.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import { headerSize } from './elf64.ts';

/** What stands behind the interposer in a patched emulator, which ends with it. */
export interface Config {
  /** Where QEMU begins, from the address of this block. */
  readonly entryDistance: number;
  readonly bigEndian: boolean;
  readonly arguments: readonly string[];
  readonly original: Original;
  readonly interposerSha256: string;
  /** Bytes of the interposer before this block. */
  readonly interposerSize: number;
}

/** What the emulator had before. */
export interface Original {
  /** Bytes of the file. */
  readonly size: number;
  readonly sha256: string;
  /** e_entry */
  readonly entry: number;
  /** Where the program header is that was taken, and what it was. */
  readonly headerAt: number;
  readonly header: Uint8Array;
}

/** What the interposer reads: magic, distance, flags, number of arguments (native/interposer/config.h). */
const startSize = 24;
const startMagic = encodeUtf8('AnyArch1');
const bigEndianFlag = 1;
/** Sizes and entry of the original, its header, two digests. */
const recordSize = 8 * 4 + headerSize + 32 * 2;
/** The block's size, version, magic: by it patched emulators are known. */
const endSize = 16;
const endMagic = encodeUtf8('AnyArchP');
const endVersion = 1;

const largestConfig = 16_384;

export function encodeConfig(config: Config, little: boolean): Uint8Array {
  const { original } = config;
  const words = config.arguments.map((word) => encodeUtf8(`${word}\0`));
  const text = concatBytes(words);
  const size = align(startSize + text.length) + recordSize + endSize;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set(startMagic);
  view.setBigInt64(8, BigInt(config.entryDistance), little);
  view.setUint32(16, config.bigEndian ? bigEndianFlag : 0, little);
  view.setUint32(20, words.length, little);
  bytes.set(text, startSize);
  const record = size - endSize - recordSize;
  const numbers = [original.size, original.entry, original.headerAt, config.interposerSize];
  for (const [index, number] of numbers.entries())
    view.setBigUint64(record + 8 * index, BigInt(number), little);
  bytes.set(original.header, record + 32);
  bytes.set(fromHex(original.sha256) ?? [], record + 32 + headerSize);
  bytes.set(fromHex(config.interposerSha256) ?? [], record + 64 + headerSize);
  view.setUint32(size - 16, size, little);
  view.setUint32(size - 12, endVersion, little);
  bytes.set(endMagic, size - 8);
  return bytes;
}

/** The size of the block that the bytes, 16 at least, end with; undefined when there is none. */
export function configSize(end: Uint8Array, little: boolean): number | undefined {
  if (end.length < endSize || !equalBytes(end.subarray(-8), endMagic)) return undefined;
  const view = new DataView(end.buffer, end.byteOffset, end.length);
  const size = view.getUint32(end.length - 16, little);
  const known = view.getUint32(end.length - 12, little) === endVersion;
  return known && size >= startSize + recordSize + endSize && size <= largestConfig ? size : undefined;
}

/** Reads what `encodeConfig` made; undefined for anything else. */
export function decodeConfig(bytes: Uint8Array, little: boolean): Config | undefined {
  if (configSize(bytes, little) !== bytes.length || !equalBytes(bytes.subarray(0, 8), startMagic))
    return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const record = bytes.length - endSize - recordSize;
  const number = (index: number): number => Number(view.getBigUint64(record + 8 * index, little));
  const digest = (at: number): string => toHex(bytes.subarray(at, at + 32));
  const words = decodeUtf8(bytes.subarray(startSize, record)).split('\0');
  const config = {
    entryDistance: Number(view.getBigInt64(8, little)),
    bigEndian: view.getUint32(16, little) === bigEndianFlag,
    arguments: words.slice(0, view.getUint32(20, little)),
    original: {
      size: number(0),
      sha256: digest(record + 32 + headerSize),
      entry: number(1),
      headerAt: number(2),
      header: bytes.slice(record + 32, record + 32 + headerSize),
    },
    interposerSha256: digest(record + 64 + headerSize),
    interposerSize: number(3),
  };
  // Only one encoding of each: what differs in any byte was made by something else.
  return equalBytes(encodeConfig(config, little), bytes) ? config : undefined;
}

function align(size: number): number {
  return Math.ceil(size / 16) * 16;
}
