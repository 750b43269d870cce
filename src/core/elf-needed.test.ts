import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesSource } from './byte-source.ts';
import { loadedSize, neededLibraries } from './elf-needed.ts';
import { AnyarchError } from './error.ts';
import { buildProbe } from './probe/probe.ts';
import { encodeUtf8 } from './text.ts';

interface Sample {
  readonly width: 32 | 64;
  readonly little: boolean;
  readonly names: readonly string[];
  readonly runpath?: string;
}

/** Where the one segment is loaded. */
const address = 0x10000;

/** One PT_LOAD over the whole file, and a dynamic section whose names stand at the end. */
function program({ width, little, names, runpath }: Sample): Uint8Array {
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
  const dynamicAt = headerSize + 2 * entrySize;
  const stringsAt = dynamicAt + count * 2 * word;
  const file = new Uint8Array(stringsAt + strings.length);
  const view = new DataView(file.buffer);
  const long = (at: number, value: number): void => {
    if (wide) view.setBigUint64(at, BigInt(value), little);
    else view.setUint32(at, value, little);
  };
  file.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
  view.setUint16(16, 3, little);
  long(wide ? 32 : 28, headerSize);
  view.setUint16(wide ? 54 : 42, entrySize, little);
  view.setUint16(wide ? 56 : 44, 2, little);
  [
    { type: 1, offset: 0, size: file.length },
    { type: 2, offset: dynamicAt, size: count * 2 * word },
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
  return file;
}

const shapes = [
  { width: 64, little: true },
  { width: 64, little: false },
  { width: 32, little: true },
  { width: 32, little: false },
] as const;

test.each(shapes)('reads names and directories, $width bits, little-endian $little', (shape) => {
  const names = ['libz.so.1', 'libc.so.6'];
  expect(
    neededLibraries(bytesSource(program({ ...shape, names, runpath: '$ORIGIN/../lib::/opt/lib' }))),
  ).toEqual({ names, directories: ['$ORIGIN/../lib', '/opt/lib'] });
  expect(neededLibraries(bytesSource(program({ ...shape, names })))).toEqual({ names, directories: [] });
});

test('a static program needs none, and no byte more than it has', () => {
  const probe = buildProbe('s390x');
  expect(neededLibraries(bytesSource(probe))).toEqual({ names: [], directories: [] });
  expect(loadedSize(bytesSource(probe))).toBe(probe.length);
  expect(loadedSize(bytesSource(probe.subarray(0, probe.length - 1)))).toBe(probe.length);
});

test('what is cut off gives an error of ours or fewer bytes than are loaded', () => {
  const whole = program({ width: 64, little: true, names: ['libc.so.6'] });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (size) => {
      const wanted = orOurs(() => loadedSize(bytesSource(whole.subarray(0, size))));
      return wanted === undefined || wanted > size;
    }),
  );
});

test('never fails otherwise, whatever the bytes', () => {
  const whole = program({ width: 32, little: false, names: ['libc.so.6'] });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
      const damaged = whole.slice();
      damaged[at] = value;
      orOurs(() => loadedSize(bytesSource(damaged)));
      orOurs(() => neededLibraries(bytesSource(damaged)));
    }),
  );
});

/** Undefined for an error that users can cause; others come through. */
function orOurs<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}
