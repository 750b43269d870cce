import type { MachineRecord, Mount } from '../record.ts';

type Mounts = Pick<MachineRecord, 'mounts' | 'pastMounts'>;

/**
 * Other mounts for a machine whose guest knows those that it has had by their tags. Each has its tag for ever, also when it
 * was gone meanwhile: a line in the guest's fstab leads to what it was made for, or to nothing, and what was saved with the
 * same mounts still fits.
 */
export function changedMounts({ mounts, pastMounts }: Mounts, wanted: readonly Mount[]): Mounts {
  // Where there never were any nothing has to be put right.
  if (pastMounts === undefined && mounts.length === 0 && wanted.length === 0) return { mounts };
  const past = (pastMounts ?? mounts).map((one, index) => ({ ...one, number: one.number ?? index }));
  const numbered = wanted.map((one) => {
    const known = past.find((other) => isSame(one, other));
    if (known !== undefined) return known;
    const added = { ...one, number: past.length };
    past.push(added);
    return added;
  });
  return { mounts: numbered, pastMounts: past };
}

function isSame(one: Mount, { source, target, isReadOnly }: Mount): boolean {
  return one.source === source && one.target === target && one.isReadOnly === isReadOnly;
}
