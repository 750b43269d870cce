import { encodeUtf8 } from '../text.ts';

/** A program that needs libraries, to be built. */
export interface NeedingProgram {
  readonly width: 32 | 64;
  readonly little: boolean;
  readonly names: readonly string[];
  readonly runpath?: string;
  /** PT_INTERP. */
  readonly interpreter?: string;
  /** e_machine; default that of aarch64. */
  readonly machine?: number;
}

/** Where the one segment is loaded. */
const address = 0x10000;

/** One PT_LOAD over the whole file, and a dynamic section whose names stand at the end. */
export function needingProgram({
  width,
  little,
  names,
  runpath,
  interpreter,
  machine = 183,
}: NeedingProgram): Uint8Array {
  const wide = width === 64;
  const word = wide ? 8 : 4;
  const [headerSize, entrySize] = wide ? [64, 56] : [52, 32];
  const texts = runpath === undefined ? names : [...names, runpath];
  const strings = encodeUtf8(`\0${texts.map((one) => `${one}\0`).join('')}`);
  const offsetOf = (index: number) =>
    encodeUtf8(
      `\0${texts
        .slice(0, index)
        .map((one) => `${one}\0`)
        .join('')}`,
    ).length;
  const count = names.length + 3 + (runpath === undefined ? 0 : 1);
  const segmentCount = interpreter === undefined ? 2 : 3;
  const dynamicAt = headerSize + segmentCount * entrySize;
  const stringsAt = dynamicAt + count * 2 * word;
  const loader = encodeUtf8(interpreter === undefined ? '' : `${interpreter}\0`);
  const loaderAt = stringsAt + strings.length;
  const file = new Uint8Array(loaderAt + loader.length);
  const view = new DataView(file.buffer);
  const long = (at: number, value: number): void => {
    if (wide) view.setBigUint64(at, BigInt(value), little);
    else view.setUint32(at, value, little);
  };
  file.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
  view.setUint16(16, 3, little);
  view.setUint16(18, machine, little);
  long(wide ? 32 : 28, headerSize);
  view.setUint16(wide ? 54 : 42, entrySize, little);
  view.setUint16(wide ? 56 : 44, segmentCount, little);
  [
    { type: 1, offset: 0, size: file.length },
    { type: 2, offset: dynamicAt, size: count * 2 * word },
    ...(interpreter === undefined ? [] : [{ type: 3, offset: loaderAt, size: loader.length }]),
  ].forEach(({ type, offset, size }, index) => {
    const start = headerSize + index * entrySize;
    view.setUint32(start, type, little);
    long(start + (wide ? 8 : 4), offset);
    long(start + (wide ? 16 : 8), address + offset);
    long(start + (wide ? 32 : 16), size);
  });
  const entries: [number, number][] = [
    ...names.map((_, index): [number, number] => [1, offsetOf(index)]),
    ...(runpath === undefined ? [] : [[29, offsetOf(names.length)] satisfies [number, number]]),
    [5, address + stringsAt],
    [10, strings.length],
    [0, 0],
  ];
  entries.forEach(([tag, value], index) => {
    long(dynamicAt + index * 2 * word, tag);
    long(dynamicAt + index * 2 * word + word, value);
  });
  file.set(strings, stringsAt);
  file.set(loader, loaderAt);
  return file;
}
