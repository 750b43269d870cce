import { AnyarchError } from '../../core/error.ts';
import { findDefinition } from '../definition/table.ts';
import type { MachineRecord } from '../record.ts';

/**
 * Whether a guest of this machine goes on after it was saved with its memory.
 *
 * @throws AnyarchError ANYARCH_STATE_UNUSABLE
 */
export function checkSavable({
  name,
  definition,
  hardware,
}: Pick<MachineRecord, 'name' | 'definition' | 'hardware'>): void {
  const { savable } = findDefinition(definition);
  if (savable === undefined || hardware.cpus <= savable.cpus) return;
  const remedy =
    savable.cpus === 0
      ? `switch it off instead: anyarch machine stop ${name}`
      : `give it fewer processors while it is stopped: anyarch machine set ${name} --cpus ${savable.cpus}`;
  throw new AnyarchError(
    'ANYARCH_STATE_UNUSABLE',
    `${name} would not go on from what is saved: ${savable.reason}`,
    {
      hint: `${remedy}; its disk alone can be kept: anyarch machine snapshot save ${name} SNAPSHOT --disk-only`,
      details: { name, definition },
    },
  );
}
