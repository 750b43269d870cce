import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { architectures } from './architecture.ts';
import { bytesSource } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { architectureOfElf } from './elf-architecture.ts';
import { isElf, readElfHeader } from './elf-header.ts';
import { readElf } from './elf.ts';
import { AnyarchError } from './error.ts';
import { compareMagic } from './match.ts';
import { buildElf, sourceOf } from './testing/elf-image.ts';
import type { ElfImage } from './testing/elf-image.ts';

const arm64: ElfImage = { class: 64, endianness: 'little', machine: 183 };
const s390x: ElfImage = { class: 64, endianness: 'big', machine: 22 };
const arm: ElfImage = { class: 32, endianness: 'little', machine: 40, flags: 0x05000400 };
const mips: ElfImage = { class: 32, endianness: 'big', machine: 8, flags: 0x70001005 };
const shapes = { arm64, s390x, arm, mips };
const [soname, needed, flags1, pie] = [14, 1, 0x6ffffffb, 0x08000001] as const;

describe.each(Object.entries(shapes))('readElf, %s', (_, shape) => {
  it('reads the header', () => {
    const elf = readElf(sourceOf({ ...shape, entry: 0x400078 }));
    expect(elf).toMatchObject({
      ...shape,
      type: 2,
      osAbi: 0,
      abiVersion: 0,
      entry: '0x400078',
      linkage: 'static',
    });
    expect(elf.flags).toBe(shape.flags ?? 0);
    expect(readElfHeader(elf.headerBytes).entry).toBe('0x400078');
  });

  it('reads loader and build ID', () => {
    const buildId = Uint8Array.from({ length: 20 }, (_byte, index) => index * 3);
    const elf = readElf(
      sourceOf({ ...shape, type: 3, interpreter: '/lib/ld-linux.so.1', buildId, dynamic: [[needed, 1]] }),
    );
    expect(elf).toMatchObject({
      interpreter: '/lib/ld-linux.so.1',
      buildId: Buffer.from(buildId).toString('hex'),
      linkage: 'dynamic',
    });
  });

  it.each<[string, Partial<ElfImage>, string]>([
    ['static', {}, 'static'],
    ['static with a dynamic section', { dynamic: [] }, 'static'],
    ['static-pie', { type: 3, dynamic: [[flags1, pie]] }, 'static-pie'],
    ['static-pie of an old linker', { type: 3, dynamic: [[flags1, 1]] }, 'static-pie'],
    ['position-independent without dynamic section', { type: 3 }, 'static-pie'],
    ['non-PIE with a loader', { interpreter: '/ld.so', dynamic: [[needed, 1]] }, 'dynamic'],
    ['a library that can be started', { type: 3, interpreter: '/ld.so', dynamic: [[soname, 1]] }, 'dynamic'],
    ['a library', { type: 3, dynamic: [[soname, 1]] }, 'library'],
    ['a library without soname', { type: 3, entry: 0, dynamic: [] }, 'library'],
    ['a plug-in', { type: 3, dynamic: [[needed, 1]] }, 'library'],
    [
      'entries behind DT_NULL',
      {
        type: 3,
        dynamic: [
          [0, 0],
          [soname, 1],
        ],
      },
      'static-pie',
    ],
    ['an object file', { type: 1 }, 'none'],
    ['a core dump', { type: 4 }, 'none'],
  ])('%s', (_name, image, linkage) => {
    expect(readElf(sourceOf({ ...shape, ...image })).linkage).toBe(linkage);
  });

  it('refuses every truncation that loses something, and says where', () => {
    const whole = buildElf({ ...shape, type: 3, interpreter: '/lib/ld.so', dynamic: [[needed, 1]] });
    for (let length = 0; length < whole.length; length++) {
      const error = errorOf(bytesSource(whole.subarray(0, length)));
      expect(error?.code).toBe('ANYARCH_ELF_INVALID');
      expect(error?.message).toMatch(/at offset \d+/);
    }
    expect(errorOf(bytesSource(whole))).toBeUndefined();
  });
});

describe('hostile files', () => {
  it.each<[string, (view: DataView, bytes: Uint8Array) => void, RegExp]>([
    [
      'another file',
      (_view, bytes) => {
        bytes.set([0x23, 0x21]);
      },
      /no ELF magic number \(at offset 0\)/,
    ],
    [
      'an unknown class',
      (view) => {
        view.setUint8(4, 3);
      },
      /class 3 .*\(at offset 4\)/,
    ],
    [
      'an unknown byte order',
      (view) => {
        view.setUint8(5, 0);
      },
      /byte order 0 .*\(at offset 5\)/,
    ],
    [
      'program headers far away',
      (view) => {
        view.setBigUint64(32, 2n ** 63n, true);
      },
      /behind the file's end .*\(at offset 32\)/,
    ],
    [
      '65535 program headers',
      (view) => {
        view.setUint16(56, 0xffff, true);
      },
      /65535 program headers.*\(at offset 56\)/,
    ],
    [
      'program headers of another size',
      (view) => {
        view.setUint16(54, 57, true);
      },
      /57 bytes, not 56 \(at offset 54\)/,
    ],
    [
      'no program headers',
      (view) => {
        view.setUint16(56, 0, true);
      },
      /no program headers \(at offset 56\)/,
    ],
    [
      'a loader far away',
      (view) => {
        view.setBigUint64(64 + 56 + 8, 2n ** 64n - 1n, true);
      },
      /loader's path is cut off/,
    ],
    [
      'a loader of 16 EiB',
      (view) => {
        view.setBigUint64(64 + 56 + 32, 2n ** 64n - 1n, true);
      },
      /not 2 to 4096/,
    ],
    [
      'a loader without an end',
      (_view, bytes) => {
        bytes[bytes.length - 1] = 0x41;
      },
      /does not end with a zero byte/,
    ],
  ])('%s', (_name, damage, message) => {
    const bytes = buildElf({ ...arm64, interpreter: '/lib/ld.so' });
    damage(new DataView(bytes.buffer), bytes);
    expect(() => readElf(bytesSource(bytes))).toThrowWithCode('ANYARCH_ELF_INVALID');
    expect(errorOf(bytesSource(bytes))?.message).toMatch(message);
  });

  it('a note of 4 GiB hides the build ID and nothing else', () => {
    const bytes = buildElf({ ...arm64, buildId: new Uint8Array(20) });
    new DataView(bytes.buffer).setUint32(bytes.length - 36, 0xffffffff, true);
    expect(readElf(bytesSource(bytes))).toMatchObject({ buildId: undefined, linkage: 'static' });
  });

  it('random bytes and damaged files end with the one error or none, within bounds', () => {
    const real = fc.constantFrom(
      ...Object.values(shapes).map((shape) =>
        buildElf({
          ...shape,
          type: 3,
          interpreter: '/lib/ld.so',
          buildId: new Uint8Array(20),
          dynamic: [[flags1, pie]],
        }),
      ),
    );
    const damaged = fc
      .tuple(
        real,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
        fc.nat(),
      )
      .map(([bytes, changes, length]) => {
        const copy = bytes.slice(0, Math.max(20, length % (2 * bytes.length)));
        for (const [position, value] of changes) copy[position % copy.length] = value;
        return copy;
      });
    const random = fc.uint8Array({ maxLength: 300 });
    const withMagic = random.map((bytes) =>
      Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 1 + (bytes.length % 2), 1, ...bytes]),
    );
    fc.assert(
      fc.property(fc.oneof(damaged, damaged, random, withMagic), (bytes) => {
        expectBoundedReading(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('does not depend on how much a read returns', () => {
    const image = { ...s390x, type: 3, interpreter: '/lib/ld64.so.1', buildId: new Uint8Array(20).fill(7) };
    const bytes = buildElf(image);
    const dribbling: ByteSource = {
      size: bytes.length,
      read: (offset) => bytes.subarray(offset, offset + 1),
    };
    expect(readElf(dribbling)).toEqual(readElf(bytesSource(bytes)));
  });

  it('reads a real file', () => {
    const descriptor = openSync(process.execPath, 'r');
    try {
      const elf = readElf({
        size: fstatSync(descriptor).size,
        read(offset, length) {
          const buffer = Buffer.alloc(length);
          return buffer.subarray(0, readSync(descriptor, buffer, 0, length, offset));
        },
      });
      expect(architectureOfElf(elf)?.platforms[0]).toBe(
        `linux/${{ x64: 'amd64' }[process.arch as string] ?? process.arch}`,
      );
      expect(elf.interpreter).toMatch(/^\/.*ld/);
    } finally {
      closeSync(descriptor);
    }
  });
});

describe('architectureOfElf', () => {
  it('leads from a program of every architecture back to it, and its rule matches', () => {
    for (const architecture of architectures) {
      const { class: elfClass, endianness, machine, flags } = architecture.elf;
      const elf = readElf(sourceOf({ class: elfClass, endianness, machine, flags: flags.value }));
      expect(architectureOfElf(elf)?.name).toBe(architecture.name);
      const matching = architectures.filter((other) =>
        compareMagic(elf.headerBytes, other).every(({ equal }) => equal),
      );
      expect(matching.map(({ name }) => name)).toEqual([architecture.name]);
    }
  });

  it.each<[string, ElfImage, string | undefined]>([
    ['hard-float arm', arm, 'arm'],
    ['O32', mips, 'mips'],
    ['N32', { ...mips, flags: 0x80000027 }, 'mipsn32'],
    ['N32 little-endian', { ...mips, endianness: 'little', flags: 0x20 }, 'mipsn32el'],
    ['N64 with odd flags', { ...mips, class: 64, flags: 0x20 }, 'mips64'],
    ['ppc64le', { class: 64, endianness: 'little', machine: 21, flags: 2 }, 'ppc64le'],
    ['ppc64', { class: 64, endianness: 'big', machine: 21, flags: 1 }, 'ppc64'],
    ['sparc32plus', { class: 32, endianness: 'big', machine: 18 }, 'sparc32plus'],
    ['i486', { class: 32, endianness: 'little', machine: 6 }, 'i386'],
    ['new microblaze', { class: 32, endianness: 'little', machine: 189 }, 'microblazeel'],
    ['x32', { class: 32, endianness: 'little', machine: 62 }, undefined],
    ['arm64 ILP32', { class: 32, endianness: 'little', machine: 183 }, undefined],
    ['31-bit s390', { class: 32, endianness: 'big', machine: 22 }, undefined],
    ['a graphics card', { class: 64, endianness: 'little', machine: 224 }, undefined],
  ])('%s', (_name, image, expected) => {
    expect(architectureOfElf(readElf(sourceOf(image)))?.name).toBe(expected);
  });
});

function expectBoundedReading(bytes: Uint8Array): void {
  let read = 0;
  const counting: ByteSource = {
    size: bytes.length,
    read(offset, length) {
      expect(Number.isSafeInteger(offset) && offset >= 0 && offset <= bytes.length).toBe(true);
      expect(length).toBeLessThanOrEqual(65536);
      read += length;
      return bytes.subarray(offset, offset + length);
    },
  };
  const error = errorOf(counting);
  expect(read).toBeLessThan(400_000);
  expect(error?.code ?? 'none').toBe(error === undefined ? 'none' : 'ANYARCH_ELF_INVALID');
  expect(isElf(bytes) || error !== undefined).toBe(true);
}

/** The error that the reader ends with; anything but its own comes through. */
function errorOf(source: ByteSource): AnyarchError | undefined {
  try {
    readElf(source);
    return undefined;
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
}
