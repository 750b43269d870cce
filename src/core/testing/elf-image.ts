import { bytesSource } from '../byte-source.ts';
import type { ByteSource } from '../byte-source.ts';
import { encodeUtf8 } from '../text.ts';

/** An ELF file to be built. Everything that is left out is absent. */
export interface ElfImage {
  readonly class: 32 | 64;
  readonly endianness: 'little' | 'big';
  readonly machine: number;
  /** e_type, default 2 (executable) */
  readonly type?: number;
  readonly flags?: number;
  readonly entry?: number;
  readonly interpreter?: string;
  /** Bytes of a GNU build ID. */
  readonly buildId?: Uint8Array;
  /** Tag and value pairs; the closing DT_NULL is added. */
  readonly dynamic?: readonly (readonly [tag: number, value: number])[];
}

interface Placed {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** A small ELF file with a PT_LOAD and the segments that the image asks for. */
export function buildElf(image: ElfImage): Uint8Array {
  const wide = image.class === 64;
  const little = image.endianness === 'little';
  const segments = segmentsOf(image);
  const [headerSize, entrySize] = wide ? [64, 56] : [52, 32];
  const contentStart = headerSize + segments.length * entrySize;
  const total = segments.reduce((sum, { bytes }) => sum + bytes.length, contentStart);
  const file = new Uint8Array(total);
  const view = new DataView(file.buffer);
  const long = (offset: number, value: number): void => {
    if (wide) view.setBigUint64(offset, BigInt(value), little);
    else view.setUint32(offset, value, little);
  };
  file.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
  view.setUint16(16, image.type ?? 2, little);
  view.setUint16(18, image.machine, little);
  view.setUint32(20, 1, little);
  long(24, image.entry ?? 0x10000);
  long(wide ? 32 : 28, headerSize);
  view.setUint32(wide ? 48 : 36, image.flags ?? 0, little);
  view.setUint16(wide ? 52 : 40, headerSize, little);
  view.setUint16(wide ? 54 : 42, entrySize, little);
  view.setUint16(wide ? 56 : 44, segments.length, little);
  let position = contentStart;
  segments.forEach(({ type, bytes }, index) => {
    const start = headerSize + index * entrySize;
    view.setUint32(start, type, little);
    long(start + (wide ? 8 : 4), position);
    long(start + (wide ? 32 : 16), bytes.length);
    long(start + (wide ? 48 : 28), 4);
    file.set(bytes, position);
    position += bytes.length;
  });
  return file;
}

export function sourceOf(image: ElfImage): ByteSource {
  return bytesSource(buildElf(image));
}

function segmentsOf(image: ElfImage): Placed[] {
  const segments: Placed[] = [{ type: 1, bytes: new Uint8Array(4) }];
  if (image.interpreter !== undefined)
    segments.push({ type: 3, bytes: encodeUtf8(`${image.interpreter}\0`) });
  if (image.dynamic !== undefined)
    segments.push({ type: 2, bytes: dynamicBytes(image, [...image.dynamic, [0, 0]]) });
  if (image.buildId !== undefined) segments.push({ type: 4, bytes: noteBytes(image, image.buildId) });
  return segments;
}

function dynamicBytes(image: ElfImage, entries: readonly (readonly [number, number])[]): Uint8Array {
  const word = image.class / 8;
  const bytes = new Uint8Array(entries.length * 2 * word);
  const view = new DataView(bytes.buffer);
  entries.flat().forEach((value, index) => {
    if (word === 8) view.setBigUint64(index * word, BigInt(value), image.endianness === 'little');
    else view.setUint32(index * word, value, image.endianness === 'little');
  });
  return bytes;
}

/** An ABI tag, as real files have it first, and the build ID. */
function noteBytes(image: ElfImage, buildId: Uint8Array): Uint8Array {
  const little = image.endianness === 'little';
  const bytes = new Uint8Array(32 + 16 + Math.ceil(buildId.length / 4) * 4);
  const view = new DataView(bytes.buffer);
  const note = (start: number, type: number, content: Uint8Array): void => {
    view.setUint32(start, 4, little);
    view.setUint32(start + 4, content.length, little);
    view.setUint32(start + 8, type, little);
    bytes.set(encodeUtf8('GNU\0'), start + 12);
    bytes.set(content, start + 16);
  };
  note(0, 1, new Uint8Array(16));
  note(32, 3, buildId);
  return bytes;
}
