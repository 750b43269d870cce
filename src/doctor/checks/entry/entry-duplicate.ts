import { defineCheck } from '../../check.ts';
import { tableStatus } from '../../facts/status.ts';
import { writeToTable } from '../../remedies/write-to-table.ts';
import { unusableTable } from './unusable-table.ts';

export const entryDuplicate = defineCheck({
  id: 'entry-duplicate',
  question: 'Is there one entry for each kind of program?',
  severity: 'note',
  explanation:
    'Images and scripts that register without removing what was there leave several entries with the same magic and mask. The newest wins; the others are only in the way of whoever wants to know which emulator runs, and come into force when the newest goes.',
  remedy:
    'anyarch register ARCH --adopt NAME takes the place of an entry of others; sh -c "echo -1 > /proc/sys/fs/binfmt_misc/NAME" removes one',
  symptoms: ['slow', 'guest-crash', 'illegal-instruction'],
  examine: (examination) => {
    const unusable = unusableTable(examination);
    if (unusable !== undefined) return { status: 'skipped', reason: unusable };
    const { table, entries } = tableStatus(examination);
    const groups = entries.filter(
      ({ enabled, duplicates, shadowedBy }) =>
        enabled === true && duplicates.length > 0 && shadowedBy === undefined,
    );
    const [first] = groups;
    if (first === undefined)
      return { status: 'ok', evidence: ['no two entries have the same magic and mask'] };
    const older = first.duplicates[0] ?? '';
    return {
      status: 'fault',
      severity: 'note',
      certainty: 'possible',
      summary: groups
        .map(({ name, duplicates }) => `${name} has the same magic and mask as ${duplicates.join(', ')}`)
        .join('; '),
      evidence: groups.flatMap(({ name, duplicates }) =>
        [name, ...duplicates].map((one) => {
          const entry = entries.find((other) => other.name === one);
          return `${table.path}/${one}: ${entry?.interpreter ?? ''}, of ${entry?.owner.kind ?? 'unknown'}`;
        }),
      ),
      remedies: [
        {
          does: `remove ${older}, if nobody needs it`,
          command: writeToTable('-1', `${table.path}/${older}`),
          by: 'user',
          needsRoot: true,
        },
      ],
      architectures: [...new Set(groups.flatMap(({ architecture }) => architecture ?? []))],
    };
  },
});
