import { defineCheck } from '../../check.ts';
import { isHostNamespace, persistence } from '../../facts/persistence.ts';
import { tableStatus } from '../../facts/status.ts';
import { commandName } from '../../remedies/register.ts';

export const notPersisted = defineCheck({
  id: 'not-persisted',
  question: 'Does what is registered survive a reboot?',
  severity: 'note',
  explanation:
    'What a command or a container has registered is gone after a reboot, unless a file tells the init to register it again.',
  remedy: 'anyarch persist enable ARCH',
  symptoms: ['registration-lost'],
  examine: async (examination) => {
    if (!isHostNamespace(examination))
      return {
        status: 'skipped',
        reason: 'a table of a user namespace ends with it, nothing can persist it',
      };
    const persisted = (await persistence(examination)).architectures.map(({ architecture }) => architecture);
    // Those of the system's packages come from files; only what has none is told.
    const fleeting = tableStatus(examination).entries.filter(
      ({ enabled, owner }) => enabled === true && ['anyarch', 'predecessor'].includes(owner.kind),
    );
    const names = [...new Set(fleeting.flatMap(({ architecture }) => architecture ?? []))].filter(
      (name) => !persisted.includes(name),
    );
    if (names.length === 0)
      return { status: 'ok', evidence: ['every entry that a command has made is registered at boot, too'] };
    return {
      status: 'fault',
      severity: 'note',
      certainty: 'possible',
      summary: `${names.join(', ')}: registered until the next boot only`,
      evidence: fleeting.map(({ name, owner }) => `${name}: ${owner.evidence}`),
      architectures: names,
      remedies: [
        {
          does: 'have it registered at each boot',
          command: ['anyarch', 'persist', 'enable', ...names.map(commandName)],
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});
