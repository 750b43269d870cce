import { describe, expect, it } from 'vitest';
import { findArchitecture } from '../../core/architecture.ts';
import { chooseCpu } from './choose-cpu.ts';
import { definitions, findDefinition } from './table.ts';
import { usesFirmware } from './uses-firmware.ts';

describe('definitions', () => {
  it.each([
    ['arm64', 'arm64'],
    ['aarch64', 'arm64'],
    ['linux/arm64', 'arm64'],
    ['raspi3b', 'raspi3b'],
    ['arm', 'armhf'],
    ['x86_64', 'amd64'],
    ['ppc64el', 'ppc64le'],
    ['loongarch64', 'loong64'],
    ['linux/mips64le', 'mips64el'],
    ['S390X', 's390x'],
  ])('are found by any name: %s', (name, expected) => {
    expect(findDefinition(name).name).toBe(expected);
  });

  it('say which there are for an architecture without one, and for no architecture', () => {
    for (const name of ['sh4', 'nonsense', ''])
      expect(() => findDefinition(name)).toThrowWithCode('ANYARCH_UNKNOWN_ARCHITECTURE');
  });

  it.each(definitions)('$name: of an architecture that is known, and whole', (one) => {
    expect(findArchitecture(one.architecture).name).toBe(one.architecture);
    expect(one.memory.defaultMiB).toBeLessThanOrEqual(one.memory.maximumMiB);
    expect(one.cpus.every(({ reason }) => reason.length > 20)).toBe(true);
    // What cannot start by itself says so.
    expect(one.boots.includes('firmware') || one.limits.length > 0).toBe(true);
  });

  it('take Debian 13, or say why another', () => {
    for (const { kernel } of definitions)
      expect(kernel.whySuite !== undefined).toBe(kernel.suite !== 'trixie');
  });

  it('have names of their own', () => {
    expect(new Set(definitions.map(({ name }) => name)).size).toBe(definitions.length);
  });
});

describe('chooseCpu', () => {
  it("depends on QEMU's version", () => {
    expect(chooseCpu(findDefinition('amd64'), '10.0.13').value).toBe('Haswell-v4');
    expect(chooseCpu(findDefinition('amd64'), '6.2.0').value).toBe('Nehalem');
    expect(chooseCpu(findDefinition('arm64'), '10.0.13').value).toBe('cortex-a57');
  });
});

describe('usesFirmware', () => {
  it('is for kernels, too, where only firmware unpacks them', () => {
    expect(usesFirmware(findDefinition('arm64'), 'kernel')).toBe(false);
    expect(usesFirmware(findDefinition('arm64'), 'firmware')).toBe(true);
    expect(usesFirmware(findDefinition('loong64'), 'kernel')).toBe(true);
    expect(usesFirmware(findDefinition('s390x'), 'firmware')).toBe(false);
  });
});
