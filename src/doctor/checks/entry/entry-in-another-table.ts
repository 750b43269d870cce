import { commandName } from '../../remedies/register.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { defineCheck } from '../../check.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { registeredElsewhere, type RegisteredElsewhere } from '../../facts/registered-elsewhere.ts';
import { listed } from './failing.ts';
import { unusableTable } from './unusable-table.ts';

export const entryInAnotherTable = defineCheck({
  id: 'entry-in-another-table',
  question: 'Is what is registered in the table that counts here?',
  severity: 'error',
  explanation:
    'Since Linux 6.7 a "privileged" container of a user without root registers in its own user namespace: the command succeeds, and the entries count for that namespace only and are gone with its last process. Everybody else still gets "exec format error". The same is true the other way round: what anyarch rootless enables counts for that engine, not for the host.',
  remedy:
    'anyarch register ARCH where the program is to run; anyarch rootless enable for engines without root',
  symptoms: ['exec-format-error', 'run-as-script', 'registration-lost'],
  references: [
    'https://github.com/tonistiigi/binfmt/issues/261',
    'https://github.com/containers/podman/issues/26966',
  ],
  examine: (examination) => {
    const unusable = unusableTable(examination);
    if (unusable !== undefined) return { status: 'skipped', reason: unusable };
    const found = registeredElsewhere(examination);
    const asked = foreignConcerned(examination);
    const speaks = examination.message !== undefined;
    if (found.length === 0 || (asked.length === 0 && !speaks))
      return {
        status: 'ok',
        evidence: ['no table of another namespace that can be seen has what is missing here'],
      };
    const names = [...new Set(found.map(({ architecture }) => architecture))];
    return {
      status: 'fault',
      severity: asked.length > 0 ? 'error' : 'warning',
      certainty: asked.length > 0 ? 'proven' : 'possible',
      summary: `${listed(names.map(commandName))}: registered in the table of another user namespace, which does not count here`,
      evidence: found.slice(0, 20).map(entryLine),
      remedies: registerRemedies(examination, asked.length > 0 ? names : []),
      architectures: names,
      // What is missing altogether is the likelier cause where nobody knows what was to run.
      ...(asked.length > 0 ? {} : { symptoms: ['registration-lost', 'exec-format-error', 'run-as-script'] }),
    };
  },
});

function entryLine({ architecture, entry, table }: RegisteredElsewhere): string {
  const { pid, command, engine, userNamespace } = table;
  const lasting =
    engine === undefined ? ', and is gone when that and those that share its mounts have ended' : '';
  return `${entry} (${architecture}) is in the table of user namespace ${userNamespace}, which process ${pid} (${command}) has mounted${lasting}`;
}
