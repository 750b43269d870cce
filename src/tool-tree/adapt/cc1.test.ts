import { describe, expect, it } from 'vitest';
import { openImage } from '../elf/image.ts';
import { buildLinkedImage } from '../elf/testing/linked-image.ts';
import type { ImageData, LinkedImage } from '../elf/testing/linked-image.ts';
import { adaptCc1 } from './cc1.ts';
import { readIncludeTable } from './include-table.ts';

type Entry = readonly [path: string, component: string | undefined, flags: readonly number[]];

const configuration =
  "../src/configure -v --with-pkgversion='Debian 14' --enable-multiarch --target=aarch64-linux-gnu";
const native: readonly Entry[] = [
  ['/usr/lib/gcc/t/14/../../../../include/c++/14', 'G++', [1, 1, 0, 0]],
  ['/usr/lib/gcc/t/14/../../../../include/t/c++/14', 'G++', [1, 1, 0, 1]],
  ['/usr/lib/gcc/t/14/../../../../include/c++/14', 'G++', [1, 1, 0, 2]],
  ['/usr/lib/gcc/t/14/../../../../include/c++/v1', 'G++', [2, 1, 0, 0]],
  ['/usr/lib/gcc/t/14/include', 'GCC', [0, 0, 0, 0]],
  ['/usr/include', undefined, [0, 0, 1, 2]],
  ['/usr/include', undefined, [0, 0, 1, 0]],
];
const cross: readonly Entry[] = [
  ['/usr/lib/gcc-cross/t/14/../../../../t/include/c++/14', 'G++', [1, 1, 0, 0]],
  ['/usr/lib/gcc-cross/t/14/../../../../t/include/c++/14/t', 'G++', [1, 1, 0, 1]],
  ['/usr/lib/gcc-cross/t/14/../../../../t/include/c++/v1', 'G++', [2, 1, 0, 0]],
  ['/usr/lib/gcc-cross/t/14/include', 'GCC', [0, 0, 0, 0]],
  ['/usr/include', undefined, [0, 0, 1, 2]],
  ['/usr/include', undefined, [0, 0, 1, 0]],
];

function compiler(
  kind: Pick<LinkedImage, 'class' | 'endianness'>,
  entries: readonly Entry[],
  { prefix, configured = configuration }: { readonly prefix: string; readonly configured?: string },
): Uint8Array {
  const texts = [...new Set(entries.flatMap(([path, component]) => [path, component ?? path]))];
  const padding = new Uint8Array(kind.class === 64 ? 4 : 0);
  const length = new Uint8Array(kind.class === 64 ? 8 : 4);
  const length32 = Uint8Array.of(
    ...(kind.endianness === 'little' ? [prefix.length, 0, 0, 0] : [0, 0, 0, prefix.length]),
  );
  length.set(length32, kind.class === 64 && kind.endianness === 'big' ? 4 : 0);
  const data: ImageData[] = [
    // As linkers do: the text of an exported array stands apart from the same text of a table.
    { name: 'exec', parts: [prefix] },
    { name: 'include', parts: [`${prefix}t/14/include`] },
    { name: 'prefix', parts: ['/usr'] },
    { name: 'length', parts: [length] },
    ...texts.map((text) => ({ name: text, parts: [text] })),
    { name: 'configuration', parts: [configured] },
    {
      name: 'table',
      parts: [
        ...entries.flatMap(([path, component, flags]) => [
          { pointerTo: path },
          { pointerTo: component },
          Uint8Array.from(flags),
          padding,
        ]),
        new Uint8Array(kind.class === 64 ? 24 : 12),
      ],
    },
  ];
  const symbols = [
    { name: 'cpp_include_defaults', data: 'table' },
    { name: 'cpp_EXEC_PREFIX', data: 'exec' },
    { name: 'cpp_GCC_INCLUDE_DIR', data: 'include' },
    { name: 'cpp_GCC_INCLUDE_DIR_len', data: 'length' },
    { name: 'cpp_PREFIX', data: 'prefix' },
  ];
  return buildLinkedImage({ ...kind, symbols, data }).bytes;
}

const x86 = { class: 64, endianness: 'little' } as const;
const crossCompiler = (): Uint8Array => compiler(x86, cross, { prefix: '/usr/lib/gcc-cross/' });

describe.each([
  ['arm64', { class: 64, endianness: 'little' }],
  ['armhf', { class: 32, endianness: 'little' }],
  ['s390x', { class: 64, endianness: 'big' }],
] as const)('a compiler for %s', (_name, kind) => {
  it('gets the directories of the guest’s, without the two that never matter', () => {
    const bytes = crossCompiler();
    const guest = openImage(compiler(kind, native, { prefix: '/usr/lib/gcc/' }));
    adaptCc1({
      native: openImage(bytes),
      guest,
      debian: { host: 'amd64', guest: 'arm64' },
      directory: '/dev/.anyarch/abc234',
    });
    const { directories } = readIncludeTable(openImage(bytes));
    const expected = native
      .filter((_entry, index) => index !== 2 && index !== 3)
      .map(([path, component, flags]) => ({ path, component, flags }));
    expect(directories.slice(0, expected.length)).toEqual(expected);
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).not.toContain('gcc-cross');
    expect(text).toContain('/usr/lib/gcc/\0');
  });
});

describe('refuses', () => {
  it.each<[string, () => Uint8Array, () => Uint8Array, RegExp]>([
    [
      'a guest with more directories than there is room for',
      crossCompiler,
      () => compiler(x86, [...native, ...native], { prefix: '/usr/lib/gcc/' }),
      /do not fit/,
    ],
    [
      'longer directories',
      crossCompiler,
      () => compiler(x86, [[`/usr/${'x'.repeat(90)}`, 'GCC', [0, 0, 0, 0]]], { prefix: '/usr/lib/gcc/' }),
      /no room/,
    ],
    [
      'compilers that were configured differently',
      crossCompiler,
      () =>
        compiler(x86, native, {
          prefix: '/usr/lib/gcc/',
          configured: `${configuration} --with-arch=armv8.5-a`,
        }),
      /configured differently: --with-arch=armv8\.5-a/,
    ],
    [
      'a compiler without the list',
      () => buildLinkedImage({ ...x86, data: [{ name: 'configuration', parts: [configuration] }] }).bytes,
      () => compiler(x86, native, { prefix: '/usr/lib/gcc/' }),
      /exports no list/,
    ],
    [
      'a compiler that does not say how it was configured',
      () => compiler(x86, cross, { prefix: '/usr/lib/gcc-cross/', configured: 'x' }),
      () => compiler(x86, native, { prefix: '/usr/lib/gcc/' }),
      /0 times how it was configured/,
    ],
  ])('%s', (_name, ours, theirs, message) => {
    const input = {
      native: openImage(ours()),
      guest: openImage(theirs()),
      debian: { host: 'amd64', guest: 'arm64' },
      directory: '/dev/.anyarch/abc234',
    };
    expect(() => {
      adaptCc1(input);
    }).toThrow(message);
    expect(() => {
      adaptCc1({ ...input, native: openImage(ours()) });
    }).toThrowWithCode('ANYARCH_TOOL_UNADAPTABLE');
  });
});
