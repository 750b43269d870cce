import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { architectures, findArchitecture, lookUpArchitecture, sameFamily } from './architecture.ts';
import { AnyarchError } from './error.ts';
import { toHex } from './hex.ts';

interface DebianRule {
  name: string;
  offset: number;
  magic: string;
  mask: string;
}
const debian = JSON.parse(
  readFileSync(new URL('../../test/data/debian-binfmt-11.1.json', import.meta.url), 'utf8'),
) as { rules: DebianRule[] };

describe('the table', () => {
  it('has the rules of Debian, field by field and no others', () => {
    const ours = architectures.map(({ name, offset, magic, mask }) => ({
      name: `qemu-${name}`,
      offset,
      magic: toHex(magic),
      mask: toHex(mask),
    }));
    const theirs = debian.rules.map(({ name, offset, magic, mask }) => ({ name, offset, magic, mask }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(ours).toEqual(theirs.sort(byName));
    expect(ours).toHaveLength(33);
  });

  it('is ordered by name', () => {
    const names = architectures.map((architecture) => architecture.name);
    expect(names).toEqual([...names].sort());
  });

  it('has no platform, Debian name, triplet or alias twice', () => {
    for (const kind of ['platforms', 'debian', 'triplets', 'aliases'] as const) {
      const names = architectures.flatMap((architecture) => architecture[kind]);
      expect({ kind, count: new Set(names).size }).toEqual({ kind, count: names.length });
    }
  });

  it('leads from every name to its architecture, and from a shared one to the first', () => {
    const elsewhere: string[] = [];
    for (const architecture of architectures) {
      const { name, platforms, debian: debianNames, machines, triplets, aliases } = architecture;
      for (const spelling of [name, ...platforms, ...debianNames, ...triplets, ...aliases]) {
        expect(`${spelling}: ${findArchitecture(spelling).name}`).toBe(`${spelling}: ${name}`);
      }
      for (const machine of machines) {
        const found = findArchitecture(machine).name;
        if (found !== name) elsewhere.push(`${machine} of ${name}: ${found}`);
      }
    }
    // `uname -m` alone cannot tell these apart.
    expect(elsewhere).toEqual([
      'microblaze of microblazeel: microblaze',
      'mips64 of mips64el: mips64',
      'mips of mipsel: mips',
      'mips64 of mipsn32: mips64',
      'mips64 of mipsn32el: mips64',
      'sh4 of sh4eb: sh4',
      'sparc64 of sparc32plus: sparc64',
      'xtensa of xtensaeb: xtensa',
    ]);
  });
});

describe('findArchitecture', () => {
  it.each([
    ['arm64', 'aarch64'],
    ['amd64', 'x86_64'],
    ['AMD64', 'x86_64'],
    ['mips64le', 'mips64el'],
    ['ppc64le', 'ppc64le'],
    ['ppc64el', 'ppc64le'],
    ['armhf', 'arm'],
    ['i686', 'i386'],
    ['386', 'i386'],
    ['loong64', 'loongarch64'],
    ['linux/arm/v7', 'arm'],
    ['linux/arm/v5', 'arm'],
    ['arm/v6', 'arm'],
    ['linux/amd64/v2', 'x86_64'],
    ['linux/arm64/v8', 'aarch64'],
    ['Linux/ARM64', 'aarch64'],
    ['mips', 'mips'],
    ['aarch64-unknown-linux-musl', 'aarch64'],
    ['arm-linux-musleabihf', 'arm'],
    ['armv7-unknown-linux-gnueabihf', 'arm'],
    ['x86_64-pc-linux-gnu', 'x86_64'],
    ['mips64el-linux-gnuabin32', 'mipsn32el'],
    ['powerpc64le-unknown-linux-gnu', 'ppc64le'],
  ])('%s is %s', (name, expected) => {
    expect(findArchitecture(name).name).toBe(expected);
  });

  it.each([
    '../x',
    '',
    ' ',
    'x'.repeat(1_000_000),
    'linux/',
    'linux/arm/v9',
    'windows/amd64',
    'arm64/v8/x',
    '__proto__',
    'constructor',
    // Other architectures with a known CPU: x32, ILP32.
    'x86_64-linux-gnux32',
    'aarch64-linux-gnu_ilp32',
    'arm64\0',
    'x\n\u001b[31m',
  ])('refuses %j with a short message', (name) => {
    expect(() => findArchitecture(name)).toThrowWithCode('ANYARCH_UNKNOWN_ARCHITECTURE');
    const error = errorOf(name);
    expect(error.message.length).toBeLessThan(120);
    expect(error.hint?.length).toBeLessThan(500);
    // eslint-disable-next-line no-control-regex -- that there is none is the point
    expect(error.message).not.toMatch(/[\u0000-\u001f]/);
  });

  it.each([
    ['arm46', 'arm64'],
    ['aarch46', 'aarch64'],
    ['risc64', 'riscv64'],
    ['s390', 's390x'],
    ['linux/amd46', 'linux/amd64'],
    ['x86_46', 'x86_64'],
    ['ppc64e', 'ppc64'],
  ])('suggests for %s: %s', (name, suggestion) => {
    expect(errorOf(name).hint).toContain(`did you mean ${suggestion}?`);
  });

  it('suggests nothing for a name that is like none', () => {
    expect(errorOf('quantum-computer').hint).not.toContain('did you mean');
  });

  it('only ever throws its own error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (name) => {
        try {
          return lookUpArchitecture(findArchitecture(name).name) !== undefined;
        } catch (error) {
          return error instanceof AnyarchError && error.code === 'ANYARCH_UNKNOWN_ARCHITECTURE';
        }
      }),
    );
  });
});

describe('sameFamily', () => {
  it.each([
    ['i386', 'x86_64', true],
    ['arm', 'aarch64', true],
    ['armeb', 'arm', false],
    ['ppc64', 'ppc64le', false],
    ['riscv32', 'riscv64', true],
    ['s390x', 'x86_64', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(sameFamily(findArchitecture(a), findArchitecture(b))).toBe(expected);
  });
});

function errorOf(name: string): AnyarchError {
  try {
    findArchitecture(name);
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
  throw new Error(`${name} was found`);
}
