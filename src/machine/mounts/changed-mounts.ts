import type { MachineRecord, Mount } from '../record.ts';

/**
 * Other mounts for a machine whose guest knows those that it has had by their tags. What stays keeps its tag; what is new
 * gets one that nothing else ever had, so that a line in the guest's fstab leads to what it was made for, or to nothing.
 */
export function changedMounts(
  { mounts, mountNumbers = mounts.length }: Pick<MachineRecord, 'mountNumbers' | 'mounts'>,
  wanted: readonly Mount[],
): { readonly mounts: readonly Mount[]; readonly mountNumbers: number } {
  let next = mountNumbers;
  const numbered = wanted.map((one) => {
    const index = mounts.findIndex(
      ({ source, target, isReadOnly }) =>
        source === one.source && target === one.target && isReadOnly === one.isReadOnly,
    );
    if (index !== -1) return { ...one, number: mounts[index]?.number ?? index };
    next += 1;
    return { ...one, number: next - 1 };
  });
  return { mounts: numbered, mountNumbers: next };
}
