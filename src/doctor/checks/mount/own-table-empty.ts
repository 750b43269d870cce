import { registerRemedies } from '../../remedies/register-remedies.ts';
import { defineCheck } from '../../check.ts';
import { severityIfWanted } from '../../facts/asked.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { coverages } from '../../facts/coverage.ts';
import { emptyOwnTable } from '../../facts/own-table.ts';
import { mountState } from '../../facts/mount-state.ts';

const symptoms = ['exec-format-error', 'run-as-script', 'registration-lost'] as const;

export const ownTableEmpty = defineCheck({
  id: 'own-table-empty',
  question: "Is the host's table in force, not an empty one of this namespace?",
  severity: 'error',
  explanation:
    'Since Linux 6.7 the first mount of binfmt_misc in a user namespace makes a table for it, which starts empty and hides the host\'s entries from all of its processes, also after it was unmounted. Container tools that mount everything they know do this by accident: what worked a moment ago ends with "exec format error".',
  remedy: 'anyarch register ARCH inside the namespace; for engines: anyarch rootless enable',
  symptoms,
  references: ['https://git.kernel.org/torvalds/c/21ca59b365c091d583f36ac753eaa8baf947be6f'],
  examine: (examination) => {
    const { path } = examination.host.binfmt;
    if (mountState(examination).after !== 'mounted')
      return { status: 'skipped', reason: `${path} is not mounted` };
    const found = emptyOwnTable(examination);
    if (found === undefined)
      return { status: 'ok', evidence: [`what is mounted at ${path} is no empty table over another one`] };
    const asked = foreignConcerned(examination);
    const isProven = asked.some((one) => coverages(examination).get(one)?.proof?.status === 'failed');
    return {
      status: 'fault',
      severity: severityIfWanted(examination, symptoms),
      certainty: isProven ? 'proven' : 'likely',
      summary: `user namespace ${found.userNamespace} has an empty table of its own, which hides the entries of the one around it`,
      evidence: [
        `${path} has no entries, and lies over another table (device ${found.below}), which does not count in here`,
      ],
      remedies: registerRemedies(examination, asked),
    };
  },
});
