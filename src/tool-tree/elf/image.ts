import { equalBytes } from '../../core/bytes.ts';
import { bytesSource } from '../../core/byte-source.ts';
import { readLayout } from '../../core/elf-header.ts';
import type { ElfHeader } from '../../core/elf-header.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import { readLoads } from './loads.ts';
import type { Load } from './loads.ts';
import { unadaptable } from './unadaptable.ts';

/** A program's or library's bytes, together with where they are in memory. Writing changes the bytes in place. */
export interface ElfImage {
  readonly bytes: Uint8Array;
  readonly header: ElfHeader;
  readonly loads: readonly Load[];
  /** Bytes of a pointer: 4 or 8. */
  readonly pointerSize: number;
}

/** @throws AnyarchError ANYARCH_ELF_INVALID, ANYARCH_TOOL_UNADAPTABLE */
export function openImage(bytes: Uint8Array): ElfImage {
  const { header, programHeaders } = readLayout(bytes);
  const loads = readLoads(bytesSource(bytes), header, programHeaders);
  if (loads.length === 0) throw unadaptable('the file has nothing to be loaded');
  return { bytes, header, loads, pointerSize: header.class === 64 ? 8 : 4 };
}

/** Where in the file the bytes of an address are; undefined for what is no part of the file. */
export function offsetOf(image: ElfImage, address: number): number | undefined {
  const load = image.loads.find((each) => address >= each.address && address < each.address + each.size);
  return load === undefined ? undefined : address - load.address + load.offset;
}

/** The address that a byte of the file is loaded to; undefined for what is not loaded. */
export function addressOf(image: ElfImage, offset: number): number | undefined {
  const load = image.loads.find((each) => offset >= each.offset && offset < each.offset + each.size);
  return load === undefined ? undefined : offset - load.offset + load.address;
}

/** A pointer; above 2^53 not exact, and then no address of anything in a file. */
export function readPointer(image: ElfImage, offset: number): number {
  const view = viewOf(image);
  const little = image.header.endianness === 'little';
  return image.pointerSize === 8 ? Number(view.getBigUint64(offset, little)) : view.getUint32(offset, little);
}

export function writePointer(image: ElfImage, offset: number, value: number): void {
  const view = viewOf(image);
  const little = image.header.endianness === 'little';
  if (image.pointerSize === 8) view.setBigUint64(offset, BigInt(value), little);
  else view.setUint32(offset, value, little);
}

/** The text at an address, up to its zero byte; undefined where nothing is. */
export function textAt(image: ElfImage, address: number): string | undefined {
  const start = offsetOf(image, address);
  if (start === undefined) return undefined;
  const end = image.bytes.indexOf(0, start);
  return end < 0 ? undefined : decodeUtf8(image.bytes.subarray(start, end));
}

/** Every place of these bytes, ascending. */
export function placesOf(bytes: Uint8Array, wanted: Uint8Array): number[] {
  const [first] = wanted;
  if (first === undefined) return [];
  const places: number[] = [];
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (equalBytes(bytes.subarray(at, at + wanted.length), wanted)) places.push(at);
  }
  return places;
}

/** Addresses of a whole text: it ends with a zero byte there, what is before it does not matter (linkers merge tails). */
export function addressesOfText(image: ElfImage, text: string): number[] {
  const wanted = encodeUtf8(`${text}\0`);
  return placesOf(image.bytes, wanted).flatMap((offset) => addressOf(image, offset) ?? []);
}

/** Places in the file, aligned, that hold this address as a pointer. */
export function pointersTo(image: ElfImage, address: number): number[] {
  const wanted = new Uint8Array(image.pointerSize);
  writePointer({ ...image, bytes: wanted }, 0, address);
  return placesOf(image.bytes, wanted).filter(
    (offset) => (addressOf(image, offset) ?? 1) % image.pointerSize === 0,
  );
}

function viewOf({ bytes }: ElfImage): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
