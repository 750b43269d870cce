import type { MachineDefinition } from './definition.ts';

/** Whether a machine that starts this way has UEFI, and variables of its own. */
export function usesFirmware(
  { firmware, needsFirmwareForKernels }: Pick<MachineDefinition, 'firmware' | 'needsFirmwareForKernels'>,
  kind: 'firmware' | 'kernel',
): boolean {
  return firmware !== undefined && (kind === 'firmware' || needsFirmwareForKernels === true);
}
