import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../core/byte-source.ts';
import { readElf } from '../../core/elf.ts';
import { AnyarchError } from '../../core/error.ts';
import { interposerHosts, patchEmulator, readPatch, unpatchEmulator } from './index.ts';

/** Segment types, flags and sizes as in Debian's qemu-aarch64. */
const [load, dynamic, note, property] = [1, 2, 4, 0x6474e553] as const;
interface Header {
  readonly type: number;
  readonly flags?: number;
  readonly offset: number;
  readonly address?: number;
  readonly size: number;
  readonly memory?: number;
  readonly alignment?: number;
}

const headers: readonly Header[] = [
  { type: load, flags: 4, offset: 0, size: 0x800, alignment: 0x1000 },
  { type: load, flags: 5, offset: 0x1000, size: 0x200, alignment: 0x1000 },
  { type: load, flags: 6, offset: 0x1300, address: 0x2300, size: 0x100, memory: 0x5000, alignment: 0x1000 },
  { type: dynamic, flags: 6, offset: 0x1300, address: 0x2300, size: 0x20 },
  { type: note, offset: 0x500, size: 0x24 },
  { type: note, offset: 0x540, size: 0x20 },
];
const options = { interposer: interposerFor(62), arguments: ['-cpu', 'max'], bigEndian: false };

describe('patchEmulator', () => {
  it.each(interposerHosts)('puts the interposer behind all else: $name', ({ machine, pageSize }) => {
    const little = machine !== 22;
    const original = emulator({ machine, little });
    const interposer = interposerFor(machine, little);
    const patched = patchEmulator(original, { ...options, interposer });
    const view = new DataView(patched.buffer);
    const at = 64 + 5 * 56;
    const long = (offset: number): number => Number(view.getBigUint64(offset, little));
    const [offset, address, size] = [long(at + 8), long(at + 16), long(at + 32)];
    expect(view.getUint32(at, little)).toBe(load);
    // Readable and executable.
    expect(view.getUint32(at + 4, little)).toBe(5);
    expect(offset % pageSize).toBe(0);
    expect(address % pageSize).toBe(0);
    expect(address).toBeGreaterThanOrEqual(0x7300);
    expect(long(at + 24)).toBe(address);
    expect(long(at + 40)).toBe(size);
    expect(long(at + 48)).toBe(pageSize);
    expect(offset + size).toBe(patched.length);
    expect(long(24)).toBe(address);
    expect(Buffer.from(interposer).equals(patched.subarray(offset, offset + interposer.length))).toBe(true);
    // What the interposer jumps to, from where its own bytes end.
    const config = offset + interposer.length;
    const distance = Number(view.getBigInt64(config + 8, little));
    expect(address + interposer.length + distance).toBe(0x1010);
    expect(Buffer.from(patched.subarray(config + 24, config + 33)).toString()).toBe('-cpu\0max\0');
  });

  it('changes nothing else, and can be taken back', () => {
    const original = emulator();
    const patched = patchEmulator(original, options);
    // e_entry, and the last program header.
    const expected = [...range(24, 32), ...range(344, 400)];
    const changed = Array.from(original.keys()).filter((at) => original[at] !== patched[at]);
    expect(changed.filter((at) => !expected.includes(at))).toEqual([]);
    expect(changed.length).toBeGreaterThan(8);
    expect(Buffer.from(unpatchEmulator(patched)).equals(original)).toBe(true);
    const { buildId, linkage } = readElf(bytesSource(patched));
    expect({ buildId, linkage }).toEqual({ buildId: 'ab'.repeat(20), linkage: 'static-pie' });
  });

  it('tells what it has done', () => {
    const original = emulator();
    const patched = patchEmulator(original, { ...options, bigEndian: true });
    expect(readPatch(patched)).toEqual({
      originalSha256: sha256(original),
      interposerSha256: sha256(options.interposer),
      arguments: ['-cpu', 'max'],
      bigEndian: true,
    });
    expect(readPatch(bytesSource(patched))).toEqual(readPatch(patched));
    expect(readPatch(original)).toBeUndefined();
    expect(readPatch(new Uint8Array(3))).toBeUndefined();
    expect(patchEmulator(original, options)).toEqual(patchEmulator(original, options));
  });

  it('takes the second header of a note when the ABI tag has none of its own', () => {
    const merged = [...headers.slice(0, 4), { type: note, offset: 0x500, size: 0x60 }];
    expect(() => patchEmulator(emulator({ headers: merged }), options)).toThrowWithCode(
      'ANYARCH_EMULATOR_UNPATCHABLE',
    );
    const twice = [...merged, ...[note, property].map((type) => ({ type, offset: 0x580, size: 0x30 }))];
    const original = emulator({ headers: twice });
    const patched = patchEmulator(original, options);
    expect(new DataView(patched.buffer).getUint32(64 + 5 * 56, true)).toBe(load);
    expect(Buffer.from(unpatchEmulator(patched)).equals(original)).toBe(true);
  });

  it('takes one at a fixed address', () => {
    const fixed = headers.map((header) => ({
      ...header,
      address: 0x400000 + (header.address ?? header.offset),
    }));
    const patched = patchEmulator(emulator({ type: 2, headers: fixed, entry: 0x401010 }), options);
    expect(Number(new DataView(patched.buffer).getBigUint64(24, true))).toBeGreaterThan(0x407000);
  });

  it.each<[string, () => Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['a script', () => Buffer.from('#!/bin/sh\n'.repeat(20))],
    ['a patched one', () => patchEmulator(emulator(), options)],
    ['one for another host', () => emulator({ machine: 183 })],
    ['a dynamic one', () => emulator({ headers: [...headers, { type: 3, offset: 0x600, size: 8 }] })],
    ['one without notes', () => emulator({ headers: headers.slice(0, 4) })],
    ['one with its note before its segments', () => emulator({ headers: [...headers].reverse() })],
    ['one cut off', () => emulator().subarray(0, 0x1200)],
    [
      'one with segments that overlap',
      () =>
        emulator({
          headers: headers.map((header, index) => (index === 0 ? { ...header, memory: 0x1001 } : header)),
        }),
    ],
    [
      'one with a segment larger in the file',
      () =>
        emulator({
          headers: headers.map((header, index) => (index === 1 ? { ...header, memory: 1 } : header)),
        }),
    ],
    [
      'one aligned otherwise',
      () =>
        emulator({
          headers: headers.map((header, index) => (index === 2 ? { ...header, alignment: 3 } : header)),
        }),
    ],
    [
      'one with an address of 2^60',
      () =>
        emulator({
          headers: headers.map((header, index) => (index === 2 ? { ...header, memory: 2 ** 60 } : header)),
        }),
    ],
  ])('refuses %s', (_, make) => {
    expect(() => patchEmulator(make(), options)).toThrowWithCode('ANYARCH_EMULATOR_UNPATCHABLE');
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['something else', new Uint8Array(64)],
    ['one for another host', interposerFor(183)],
    ['one that is too large', concat(new Uint8Array(65_536), interposerFor(62))],
  ])('refuses an interposer that is %s', (_, interposer) => {
    expect(() => patchEmulator(emulator(), { ...options, interposer })).toThrowWithCode(
      'ANYARCH_EMULATOR_UNPATCHABLE',
    );
  });

  it('refuses damaged headers, or changes what it says', () => {
    const original = emulator();
    const place = fc.oneof(fc.nat(63), fc.integer({ min: 64, max: 64 + 6 * 56 - 1 }));
    const damage = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, (changes) => {
        const damaged = original.slice();
        for (const [at, byte] of changes) damaged[at] = byte;
        const patched = tried(damaged);
        const back = patched === undefined ? damaged : unpatchEmulator(patched);
        expect(Buffer.from(back).equals(damaged)).toBe(true);
        // At most one header and the entry.
        const differences = damaged.filter((byte, at) => patched !== undefined && patched[at] !== byte);
        expect(differences.length).toBeLessThanOrEqual(64);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readPatch and unpatchEmulator', () => {
  it('do not take what was changed since', () => {
    const patched = patchEmulator(emulator(), options);
    fc.assert(
      fc.property(fc.nat(patched.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = patched.slice();
        changed[at] = (changed[at] ?? 0) ^ bits;
        const read = tried(changed, unpatchEmulator);
        // Code, padding, the header and the entry that are put back may differ; the original never does.
        expect(read === undefined || sha256(read) === sha256(emulator())).toBe(true);
      }),
    );
    expect(() => unpatchEmulator(emulator())).toThrowWithCode('ANYARCH_EMULATOR_UNPATCHABLE');
    expect(readPatch(patched.subarray(0, -1))).toBeUndefined();
  });
});

interface Shape {
  readonly machine?: number;
  readonly little?: boolean;
  readonly type?: number;
  readonly entry?: number;
  readonly headers?: readonly Header[];
}

function emulator(shape: Shape = {}): Uint8Array {
  const { machine = 62, little = true, type = 3, entry = 0x1010, headers: table = headers } = shape;
  const bytes = new Uint8Array(0x1500).fill(0x90);
  bytes.fill(0, 0, 0x1000);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, little ? 1 : 2, 1]);
  view.setUint16(16, type, little);
  view.setUint16(18, machine, little);
  view.setUint32(20, 1, little);
  view.setBigUint64(24, BigInt(entry), little);
  view.setBigUint64(32, 64n, little);
  view.setUint16(52, 64, little);
  view.setUint16(54, 56, little);
  view.setUint16(56, table.length, little);
  table.forEach((header, index) => {
    const at = 64 + index * 56;
    const { offset, address = offset, size, memory = size, alignment = 4 } = header;
    view.setUint32(at, header.type, little);
    view.setUint32(at + 4, header.flags ?? 4, little);
    const numbers = [offset, address, address, size, memory, alignment];
    numbers.forEach((number, word) => {
      view.setBigUint64(at + 8 + 8 * word, BigInt(number), little);
    });
  });
  writeNote(view, 0x500, 3, new Uint8Array(20).fill(0xab), little);
  writeNote(view, 0x540, 1, new Uint8Array(16), little);
  // DT_FLAGS_1 with DF_1_PIE.
  view.setBigUint64(0x1300, 0x6ffffffbn, little);
  view.setBigUint64(0x1308, 0x08000000n, little);
  bytes.fill(0, 0x1310, 0x1320);
  return bytes;
}

function writeNote(view: DataView, at: number, type: number, content: Uint8Array, little: boolean): void {
  view.setUint32(at, 4, little);
  view.setUint32(at + 4, content.length, little);
  view.setUint32(at + 8, type, little);
  new Uint8Array(view.buffer).set(Buffer.from('GNU\0'), at + 12);
  new Uint8Array(view.buffer).set(content, at + 16);
}

function interposerFor(machine: number, little = true): Uint8Array {
  const bytes = new Uint8Array(64).fill(0xcc);
  bytes.set(Buffer.from('AnyArchI'), 48);
  const view = new DataView(bytes.buffer);
  view.setUint32(56, 1, little);
  view.setUint32(60, machine, little);
  return bytes;
}

function tried(
  bytes: Uint8Array,
  action = (one: Uint8Array) => patchEmulator(one, options),
): Uint8Array | undefined {
  try {
    return action(bytes);
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_EMULATOR_UNPATCHABLE') return undefined;
    throw error;
  }
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
