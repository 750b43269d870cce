import { registerRemedies } from '../../remedies/register-remedies.ts';
import { writeToTable } from '../../remedies/write-to-table.ts';
import { defineCheck } from '../../check.ts';
import { tableStatus } from '../../facts/status.ts';
import { isAsked } from '../../facts/asked.ts';
import { judged, lookedAt, proofLine } from './failing.ts';
import { unusableTable } from './unusable-table.ts';

export const entryDisabled = defineCheck({
  id: 'entry-disabled',
  question: 'Are the entries that are needed enabled?',
  severity: 'error',
  explanation:
    'An entry can be switched off by writing 0 to its file in /proc/sys/fs/binfmt_misc: it stays in the list, and takes nothing. Where no other entry takes the same programs, they end with "exec format error".',
  remedy: 'anyarch register ARCH; for an entry of others: sh -c "echo 1 > /proc/sys/fs/binfmt_misc/NAME"',
  symptoms: ['exec-format-error', 'run-as-script'],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const unusable = unusableTable(examination);
    if (unusable !== undefined) return { status: 'skipped', reason: unusable };
    const { table } = tableStatus(examination);
    const found = lookedAt(examination).filter(
      ({ winner, disabled, proof }) =>
        winner === undefined && disabled.length > 0 && proof?.status !== 'proven',
    );
    if (found.length === 0) return { status: 'ok', evidence: ['no architecture has disabled entries only'] };
    const names = found.map(({ architecture }) => architecture);
    const entries = [...new Set(found.flatMap(({ disabled }) => disabled.slice(0, 1)))];
    const others = entries.filter(({ status }) => status.owner.kind !== 'anyarch');
    return {
      status: 'fault',
      ...judged(examination, found),
      // Whoever switched it off may have wanted just that.
      ...(isAsked(examination) ? {} : { severity: 'warning' }),
      summary: `${entries.map(({ entry }) => entry.name).join(', ')}: disabled, and no other entry takes programs for ${names.join(', ')}`,
      evidence: [
        ...entries.map(
          ({ entry, status }) =>
            `${table.path}/${entry.name} says disabled; its interpreter is ${entry.interpreter}, and it is of ${status.owner.kind} (${status.owner.evidence})`,
        ),
        ...found.map(proofLine),
      ],
      remedies: [
        ...registerRemedies(examination, names),
        ...others.map(({ entry }) => ({
          does: `enable ${entry.name}, which anyarch did not make`,
          command: writeToTable('1', `${table.path}/${entry.name}`),
          by: 'user' as const,
          needsRoot: true,
        })),
      ],
      architectures: names,
    };
  },
});
