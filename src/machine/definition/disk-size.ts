import { AnyarchError } from '../../core/error.ts';
import type { MachineDefinition } from './definition.ts';

type Definition = Pick<MachineDefinition, 'bus' | 'name'>;

/**
 * The smallest disk that such a machine can have and that is large enough. A board's disk is an SD card, of which QEMU takes
 * powers of two only (hw/sd/sd.c).
 *
 * @param bytes at least
 */
export function fittingDisk({ bus }: Pick<Definition, 'bus'>, bytes: number): number {
  return bus === 'board' ? 2 ** Math.ceil(Math.log2(bytes)) : bytes;
}

/** @throws AnyarchError ANYARCH_USAGE for a disk that such a machine cannot have */
export function checkDiskSize(definition: Definition, bytes: number): void {
  const larger = fittingDisk(definition, bytes);
  if (larger === bytes) return;
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `the disk of a ${definition.name} is an SD card, whose size is a power of two: not ${sizeText(bytes)}`,
    {
      hint: `take ${sizeText(larger / 2)} or ${sizeText(larger)}`,
      details: { machine: definition.name, bytes },
    },
  );
}

/** As options take it: `16G`, `1536M`. */
export function sizeText(bytes: number): string {
  return bytes % 2 ** 30 === 0 ? `${bytes / 2 ** 30}G` : `${Math.ceil(bytes / 2 ** 20)}M`;
}
