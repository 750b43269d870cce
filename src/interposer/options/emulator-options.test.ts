import { describe, expect, it } from 'vitest';
import { lookUpArchitecture } from '../../core/architecture.ts';
import { emulatorOptions, wordsFor } from './emulator-options.ts';

describe('wordsFor', () => {
  it.each([
    ['aarch64', '7.2.22', 'x86_64', ['-cpu', 'max,pauth-impdef=on']],
    ['aarch64', '9.2.4', 'ppc64le', ['-cpu', 'max,pauth-impdef=on']],
    // Measured: there it makes programs slower.
    ['aarch64', '10.0.13', 'x86_64', []],
    ['aarch64', '11.1.3', 'x86_64', []],
    // It does not know the property.
    ['aarch64', '5.2.0', 'x86_64', []],
    ['arm', '7.2.22', 'x86_64', []],
    ['x86_64', '10.2.3', 'aarch64', ['-B', '0x800000000000']],
    ['x86_64', '10.2.3', 'riscv64', []],
    ['x86_64', '10.0.13', 'aarch64', []],
  ])('%s %s on %s: %j', (target, version, machine, words) => {
    expect(wordsFor(target, version, machine)).toEqual(words);
  });
});

describe('emulatorOptions', () => {
  it.each(emulatorOptions)('$target $words is known, explained and says where it comes from', (option) => {
    expect(lookUpArchitecture(option.target)?.name).toBe(option.target);
    expect(option.reason.length).toBeGreaterThan(20);
    expect(option.reference).toMatch(/^https:\/\//);
    expect(option.words.length % 2).toBe(0);
  });
});
