import { concatBytes } from '../../../core/bytes.ts';
import { encodeUtf8 } from '../../../core/text.ts';

/** A program as linkers write them, small: everything is loaded at once, sections name what is where. */
export interface LinkedImage {
  readonly class: 32 | 64;
  readonly endianness: 'little' | 'big';
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly symbols?: readonly ImageSymbol[];
  /** What is in it besides: bytes, texts (with their zero byte), and pointers to others, by name. */
  readonly data?: readonly ImageData[];
}

export interface ImageSymbol {
  readonly name: string;
  /** The data that it stands for; without it is undefined. */
  readonly data?: string;
  readonly isWeak?: boolean;
}

export interface ImageData {
  readonly name: string;
  readonly parts: readonly (string | Uint8Array | { readonly pointerTo: string | undefined })[];
}

const loadAddress = 0x400000;

/** @returns the file, and where the data are in it, by name */
export function buildLinkedImage(image: LinkedImage): { bytes: Uint8Array; places: Map<string, number> } {
  const wide = image.class === 64;
  const little = image.endianness === 'little';
  const pointerSize = wide ? 8 : 4;
  const [headerSize, segmentSize, sectionSize] = wide ? [64, 56, 64] : [52, 32, 40];
  const headers = headerSize + 2 * segmentSize;
  const texts: string[] = ['', ...(image.needed ?? []), ...(image.symbols ?? []).map(({ name }) => name)];
  const names = encodeUtf8(texts.map((text) => `${text}\0`).join(''));
  const nameAt = (text: string): number =>
    encodeUtf8(
      texts
        .slice(0, texts.indexOf(text))
        .map((each) => `${each}\0`)
        .join(''),
    ).length;

  const word = (value: number): Uint8Array => {
    const bytes = new Uint8Array(pointerSize);
    const view = new DataView(bytes.buffer);
    if (wide) view.setBigUint64(0, BigInt(value), little);
    else view.setUint32(0, value, little);
    return bytes;
  };
  const sizeOf = (part: ImageData['parts'][number]): number =>
    typeof part === 'string'
      ? encodeUtf8(part).length + 1
      : part instanceof Uint8Array
        ? part.length
        : pointerSize;
  const places = new Map<string, number>();
  let position = headers;
  for (const { name, parts } of image.data ?? []) {
    places.set(name, position);
    position = align(position + parts.reduce((sum, part) => sum + sizeOf(part), 0));
  }
  const dataBytes = new Uint8Array(position - headers);
  for (const { name, parts } of image.data ?? []) {
    let at = (places.get(name) ?? 0) - headers;
    for (const part of parts) {
      if (typeof part === 'string') dataBytes.set(encodeUtf8(part), at);
      else if (part instanceof Uint8Array) dataBytes.set(part, at);
      else
        dataBytes.set(
          word(part.pointerTo === undefined ? 0 : loadAddress + (places.get(part.pointerTo) ?? 0)),
          at,
        );
      at += sizeOf(part);
    }
  }
  const dataSize = (name: string): number =>
    (image.data ?? [])
      .find((each) => each.name === name)
      ?.parts.reduce((sum, part) => sum + sizeOf(part), 0) ?? 0;

  const symbols = [
    new Uint8Array(wide ? 24 : 16),
    ...(image.symbols ?? []).map((symbol) => {
      const bytes = new Uint8Array(wide ? 24 : 16);
      const view = new DataView(bytes.buffer);
      const isDefined = symbol.data !== undefined;
      const address = isDefined ? loadAddress + (places.get(symbol.data ?? '') ?? 0) : 0;
      view.setUint32(0, nameAt(symbol.name), little);
      bytes[wide ? 4 : 12] = ((symbol.isWeak === true ? 2 : 1) << 4) | 1;
      view.setUint16(wide ? 6 : 14, isDefined ? 1 : 0, little);
      bytes.set(word(address), wide ? 8 : 4);
      bytes.set(word(dataSize(symbol.data ?? '')), wide ? 16 : 8);
      return bytes;
    }),
  ];
  const dynamic = concatBytes([
    ...(image.needed ?? []).flatMap((name) => [word(1), word(nameAt(name))]),
    word(0),
    word(0),
  ]);
  const interpreter = encodeUtf8(image.interpreter === undefined ? '' : `${image.interpreter}\0`);
  const sections = [
    { name: '.dynsym', bytes: concatBytes(symbols) },
    { name: '.dynstr', bytes: names },
    { name: '.dynamic', bytes: dynamic },
    { name: '.interp', bytes: interpreter },
    { name: '.shstrtab', bytes: encodeUtf8('\0.dynsym\0.dynstr\0.dynamic\0.interp\0.shstrtab\0') },
  ];
  const placed = sections.map((section) => {
    const offset = position;
    position = align(position + section.bytes.length);
    return { ...section, offset };
  });
  const sectionTable = position;
  const bytes = new Uint8Array(sectionTable + (sections.length + 1) * sectionSize);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
  view.setUint16(16, 2, little);
  bytes.set(word(headerSize), wide ? 32 : 28);
  bytes.set(word(sectionTable), wide ? 40 : 32);
  view.setUint16(wide ? 54 : 42, segmentSize, little);
  view.setUint16(wide ? 56 : 44, image.interpreter === undefined ? 1 : 2, little);
  view.setUint16(wide ? 58 : 46, sectionSize, little);
  view.setUint16(wide ? 60 : 48, sections.length + 1, little);
  view.setUint16(wide ? 62 : 50, sections.length, little);
  const segment = (index: number, type: number, offset: number, size: number): void => {
    const at = headerSize + index * segmentSize;
    view.setUint32(at, type, little);
    bytes.set(word(offset), at + (wide ? 8 : 4));
    bytes.set(word(loadAddress + offset), at + (wide ? 16 : 8));
    bytes.set(word(size), at + (wide ? 32 : 16));
  };
  segment(0, 1, 0, sectionTable);
  const interp = placed.find(({ name }) => name === '.interp');
  if (image.interpreter !== undefined && interp !== undefined)
    segment(1, 3, interp.offset, interpreter.length);
  bytes.set(dataBytes, headers);
  const sectionNames = '\0.dynsym\0.dynstr\0.dynamic\0.interp\0.shstrtab\0';
  placed.forEach(({ name, bytes: content, offset }, index) => {
    const at = sectionTable + (index + 1) * sectionSize;
    bytes.set(content, offset);
    view.setUint32(at, sectionNames.indexOf(name), little);
    view.setUint32(at + 4, 1, little);
    bytes.set(word(offset), at + (wide ? 24 : 16));
    bytes.set(word(content.length), at + (wide ? 32 : 20));
  });
  return { bytes, places };
}

function align(position: number): number {
  return Math.ceil(position / 8) * 8;
}
