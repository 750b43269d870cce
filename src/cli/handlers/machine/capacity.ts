import { AnyarchError } from '../../../core/error.ts';
import type { MachineDefinition } from '../../../machine/index.ts';
import { sizeOf, wholeNumber } from './size.ts';

/** @throws AnyarchError ANYARCH_USAGE */
export function cpusOf({ name, maximumCpus }: MachineDefinition, text: string): number {
  return wholeNumber(`--cpus of ${name}`, text, { from: 1, to: maximumCpus });
}

/** @throws AnyarchError ANYARCH_USAGE */
export function memoryOf({ name, memory: { maximumMiB } }: MachineDefinition, text: string): number {
  const memoryMiB = sizeOf('--memory', text) / 2 ** 20;
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
export function cpuModelOf(text: string): string {
  if (/^[A-Za-z0-9][\w.,=+:-]*$/.test(text)) return text;
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `--cpu takes the name of a processor model, not "${text.slice(0, 60)}"`,
  );
}
