import { defineCheck } from '../../check.ts';
import { severityIfWanted } from '../../facts/asked.ts';
import { tableStatus } from '../../facts/status.ts';
import { writeToTable } from '../../remedies/write-to-table.ts';

const symptoms = ['exec-format-error', 'run-as-script'] as const;

export const binfmtDisabled = defineCheck({
  id: 'binfmt-disabled',
  question: 'Is binfmt_misc switched on as a whole?',
  severity: 'error',
  explanation:
    'The file status in /proc/sys/fs/binfmt_misc switches all entries off at once, whoever made them; scripts write 0 there to be safe for a while, and some never write 1 again. Every foreign program then ends with "exec format error", although each entry says "enabled".',
  remedy: 'sh -c "echo 1 > /proc/sys/fs/binfmt_misc/status", as root',
  symptoms,
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const { table, entries } = tableStatus(examination);
    if (table.state !== 'mounted') return { status: 'skipped', reason: `${table.path} is not mounted` };
    const file = `${table.path}/status`;
    if (table.enabled) return { status: 'ok', evidence: [`${file} says enabled`] };
    return {
      status: 'fault',
      severity: entries.some(({ enabled }) => enabled === true)
        ? 'error'
        : severityIfWanted(examination, symptoms),
      certainty: 'proven',
      summary: `binfmt_misc is switched off as a whole, so none of its ${entries.length} entries counts`,
      evidence: [`${file} says disabled`],
      remedies: [{ does: 'switch it on', command: writeToTable('1', file), by: 'user', needsRoot: true }],
    };
  },
});
