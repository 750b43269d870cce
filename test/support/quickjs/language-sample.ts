import { architectures } from '../../../src/core/architecture.ts';
import { toHex } from '../../../src/core/hex.ts';
import { buildProbe } from '../../../src/core/probe/probe.ts';
import { decodeUtf8, encodeUtf8 } from '../../../src/core/text.ts';

/** What the sources use of the language, and of numbers and bytes where engines and processors could differ. */
export function languageSample(): unknown {
  return {
    numbers: [
      0.1 + 0.2,
      1 / 3,
      1e21,
      123456789012345680000,
      -0,
      2 ** 53 - 1,
      5e-324,
      (1.005).toFixed(2),
      (255).toString(36),
    ],
    integers: [
      7 / 2,
      -7 % 3,
      -1 >>> 0,
      1 << 31,
      Math.imul(0xdeadbeef, 31),
      Math.trunc(-1.5),
      Math.sign(-3),
      2 ** -3,
    ],
    parsed: ['12px', '0x1f', '08', '1e3', ''].map((text) => [
      Number.parseInt(text, 10),
      Number(text),
      parseFloat(text),
    ]),
    // QuickJS 2025-04-26 gets BigInt.asUintN of negative numbers and toString(16) of large ones wrong; nothing uses them.
    bigints: [
      (2n ** 64n - 1n).toString(),
      BigInt(2 ** 40).toString(),
      (-7n / 2n).toString(),
      `${BigInt('0x1f')}`,
    ],
    dates: [new Date(0).toISOString(), new Date('2026-11-21T17:00:00Z').getTime(), Date.UTC(2024, 1, 29)],
    regexps: [
      'qemu-aarch64'.replace(/^qemu-(?<name>.+)$/, '$<name>'),
      [...'a1b22c333'.matchAll(/[a-z](\d+)/g)].map(([whole, digits]) => [whole, digits]),
      'x=1;y=2'.split(/[=;]/),
      /^\s*(?:0x)?([\da-f]+)$/i.exec(' 0xFE')?.[1],
      /(?<=:)[^:]*$/u.exec('a:b:ç')?.[0],
      ['a', 'b', 'a'].map((letter) => /[a]/y.test(letter)),
      'aBc'.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    ],
    collections: [
      [
        ...new Map([
          ['b', 1],
          ['a', 2],
        ] as const).entries(),
      ],
      [...new Set([3, 1, 3, 2])],
      Object.entries({ b: 1, a: 2, 1: 3 }),
      [3, 1, 2].toSorted((first, second) => first - second),
      [1, 2, 3].toReversed().with(0, 9).at(-1),
      [1, 2, 3, 4].findLast((value) => value % 2 === 1),
      Array.from({ length: 3 }, (_, index) => index * index),
      [[1, [2]], [3]].flat(2),
      ['é', 'z', 'a', 'Z'].sort(),
      Object.fromEntries([['x', 1]]),
    ],
    text: [
      String.raw`a\n${1}`,
      'ß'.toUpperCase(),
      'İ'.toLowerCase(),
      Array.from('a𝄞b').length,
      'abc'.padStart(5, '-'),
      ' x '.trim(),
      'a-b'.at(-1),
      'ä'.codePointAt(0),
      'abc'.substring(2, 0),
    ],
    errors: attempt(() => JSON.parse('{"a":')),
    documents: [
      JSON.stringify({ a: [1, { b: undefined, c: null }], d: 'é\u2028\ud800' }),
      JSON.stringify([1], null, 2),
    ],
    generators: [...counting(3)],
    bytes: [
      toHex(encodeUtf8('aé€𝄞\ud800')),
      decodeUtf8(Uint8Array.from([0x61, 0xc3, 0xa9, 0xff, 0xf0, 0x9d, 0x84, 0x9e])),
      ...views(),
    ],
    probes: architectures.map(({ name, magic, mask }) => [name, toHex(magic), toHex(mask), probeOf(name)]),
  };
}

function* counting(last: number): Generator<number> {
  for (let value = 1; value <= last; value += 1) yield value;
}

function attempt(action: () => unknown): string {
  try {
    return String(action());
  } catch (error) {
    return error instanceof SyntaxError ? 'SyntaxError' : String(error);
  } finally {
    counting(1).return(undefined);
  }
}

function views(): unknown[] {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, 0x01020304);
  view.setUint32(4, 0x01020304, true);
  view.setFloat64(8, Math.PI);
  view.setBigUint64(0, view.getBigUint64(0) ^ 0xffn, false);
  const words = Uint16Array.from([1, 65_535, 65_536]);
  return [toHex(new Uint8Array(view.buffer)), view.getInt16(2, true), [...words], view.getFloat32(8)];
}

function probeOf(name: string): string | undefined {
  try {
    return toHex(buildProbe(name));
  } catch {
    return undefined;
  }
}
