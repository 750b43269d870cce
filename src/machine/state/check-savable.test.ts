import { expect, it } from 'vitest';
import { exampleRecord } from '../life/testing/example-machine.ts';
import { checkSavable } from './check-savable.ts';

const recordOf = (definition: string, cpus: number) => ({
  ...exampleRecord,
  definition,
  hardware: { ...exampleRecord.hardware, cpus },
});

it.each([
  ['ppc64le', 2],
  ['mips64el', 1],
  ['mipsel', 1],
])('refuses to save what would not go on: %s with %i processors', (definition, cpus) => {
  expect(() => {
    checkSavable(recordOf(definition, cpus));
  }).toThrowWithCode('ANYARCH_STATE_UNUSABLE');
});

it.each([
  ['ppc64le', 1],
  ['arm64', 8],
  ['s390x', 2],
])('saves %s with %i processors', (definition, cpus) => {
  checkSavable(recordOf(definition, cpus));
  expect(recordOf(definition, cpus).hardware.cpus).toBe(cpus);
});
