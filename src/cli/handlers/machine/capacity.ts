import { AnyarchError } from '../../../core/error.ts';
import type { MachineDefinition } from '../../../machine/index.ts';
import { sizeOf, wholeNumber } from './size.ts';

/** Where nobody asked for another number. */
export function usualCpus({ isFixed, maximumCpus }: MachineDefinition): number {
  return isFixed === true ? maximumCpus : Math.min(2, maximumCpus);
}

/** @throws AnyarchError ANYARCH_USAGE */
export function cpusOf(definition: MachineDefinition, text: string): number {
  const { name, maximumCpus, isFixed } = definition;
  if (isFixed === true && Number(text) !== maximumCpus) throw isBoard(definition, `--cpus ${text}`);
  return wholeNumber(`--cpus of ${name}`, text, { from: 1, to: maximumCpus });
}

/** @throws AnyarchError ANYARCH_USAGE */
export function memoryOf(definition: MachineDefinition, text: string): number {
  const { name, isFixed } = definition;
  const { maximumMiB } = definition.memory;
  const memoryMiB = sizeOf('--memory', text) / 2 ** 20;
  if (isFixed === true && memoryMiB !== maximumMiB) throw isBoard(definition, `--memory ${text}`);
  if (memoryMiB <= maximumMiB && memoryMiB >= 64) return memoryMiB;
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `a ${name} machine has 64 to ${maximumMiB} MiB of memory, not ${memoryMiB}`,
  );
}

/**
 * QEMU reads commas as the beginning of properties, which processors have; nothing else may come through.
 *
 * @throws AnyarchError ANYARCH_USAGE
 */
export function cpuModelOf(definition: MachineDefinition, text: string): string {
  const { isFixed, cpus } = definition;
  if (isFixed === true && cpus.every(({ value }) => value !== text))
    throw isBoard(definition, `--cpu ${text}`);
  if (/^[A-Za-z0-9][\w.,=+:-]*$/.test(text)) return text;
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `--cpu takes the name of a processor model, not "${text.slice(0, 60)}"`,
  );
}

function isBoard({ name, maximumCpus, cpus, memory }: MachineDefinition, option: string): AnyarchError {
  const models = cpus.map(({ value }) => value).join(', ');
  return new AnyarchError(
    'ANYARCH_USAGE',
    `a ${name} is a board with ${maximumCpus} processors (${models}) and ${memory.maximumMiB} MiB of memory, no less and no more`,
    { hint: `leave ${option.slice(0, 60)} out`, details: { machine: name } },
  );
}
