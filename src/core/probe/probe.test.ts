import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildProbe, probeArchitectures } from './probe.ts';

interface DebianRule {
  readonly name: string;
  readonly offset: number;
  readonly magic: string;
  readonly mask: string;
}

const { rules } = JSON.parse(
  readFileSync(new URL('../../../test/data/debian-binfmt-11.1.json', import.meta.url), 'utf8'),
) as { readonly rules: readonly DebianRule[] };

test('there is a probe for each of Debian’s rules', () => {
  expect(probeArchitectures.map((name) => `qemu-${name}`)).toEqual(rules.map(({ name }) => name).sort());
});

describe.each(probeArchitectures)('the probe of %s', (name) => {
  const probe = buildProbe(name);

  test('matches the rule of its architecture and no other', () => {
    expect(rules.filter((rule) => matches(probe, rule)).map((rule) => rule.name)).toEqual([`qemu-${name}`]);
  });

  test('is one segment that is entered at its code and loads with pages of 64 KiB', () => {
    const header = parseHeader(probe);
    expect(header).toMatchObject({
      type: 2,
      segmentCount: 1,
      segmentType: 1,
      segmentFlags: 5,
      segmentOffset: 0,
    });
    expect(header.fileSize).toBe(probe.length);
    expect(header.memorySize).toBe(probe.length);
    expect(header.alignment).toBe(0x1_0000);
    expect(header.address % header.alignment).toBe(0);
    expect(header.entry - header.address).toBe(header.class === 64 ? 64 + 56 : 52 + 32);
  });

  test('exits with the code that it was built for', () => {
    const [a, b] = [buildProbe(name, 1), buildProbe(name, 2)];
    expect(a).toHaveLength(probe.length);
    expect(a).not.toEqual(b);
  });
});

test('an arm64 probe has 132 bytes', () => {
  expect(buildProbe('aarch64')).toHaveLength(132);
});

test('a probe cannot be built for an unknown architecture or with an impossible exit code', () => {
  expect(() => buildProbe('arm64')).toThrow("there is no probe for 'arm64'");
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 256 }), fc.integer({ max: -1 }), fc.constant(1.5)), (exitCode) => {
      expect(() => buildProbe('aarch64', exitCode)).toThrow('no exit code');
    }),
  );
});

function matches(file: Uint8Array, rule: DebianRule): boolean {
  const [magic, mask] = [Buffer.from(rule.magic, 'hex'), Buffer.from(rule.mask, 'hex')];
  return magic.every((byte, index) => (((file[rule.offset + index] ?? 0) ^ byte) & (mask[index] ?? 0)) === 0);
}

/** Reads what the tests look at by the offsets of elf(5), apart from the code under test. */
function parseHeader(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset);
  const wide = file[4] === 2;
  const little = file[5] === 1;
  const half = (offset: number) => view.getUint16(offset, little);
  const integer = (offset: number) => view.getUint32(offset, little);
  const address = (narrowOffset: number, wideOffset: number) =>
    wide ? Number(view.getBigUint64(wideOffset, little)) : integer(narrowOffset);
  const segment = address(28, 32);
  return {
    class: wide ? 64 : 32,
    type: half(16),
    entry: address(24, 24),
    segmentCount: half(wide ? 56 : 44),
    segmentType: integer(segment),
    segmentFlags: integer(segment + (wide ? 4 : 24)),
    segmentOffset: address(segment + 4, segment + 8),
    address: address(segment + 8, segment + 16),
    fileSize: address(segment + 16, segment + 32),
    memorySize: address(segment + 20, segment + 40),
    alignment: address(segment + 28, segment + 48),
  };
}
