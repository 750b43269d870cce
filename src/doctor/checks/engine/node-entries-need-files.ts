import { defineCheck } from '../../check.ts';
import { tableStatus } from '../../facts/status.ts';
import { commandName } from '../../remedies/register.ts';

export const nodeEntriesNeedFiles = defineCheck({
  id: 'node-entries-need-files',
  question: 'Do pods need no file of the node for foreign programs?',
  severity: 'error',
  explanation:
    'Entries without F have their interpreter looked up in the root file system of each pod, where it is not: "no such file or directory". A DaemonSet that registers without F serves its own containers only, and is also what leaves entries behind whose interpreter is gone with its image.',
  remedy: 'anyarch register ARCH on the node, or a DaemonSet that registers with F',
  symptoms: ['no-such-file', 'exec-format-error'],
  scopes: ['kubernetes-node'],
  examine: (examination) => {
    if (examination.scope !== 'kubernetes-node')
      return { status: 'skipped', reason: 'it is not about a node' };
    const { entries } = tableStatus(examination);
    const known = entries.filter(
      ({ architecture, enabled, shadowedBy }) =>
        architecture !== undefined && enabled === true && shadowedBy === undefined,
    );
    if (known.length === 0) return { status: 'skipped', reason: 'no architecture has an entry' };
    const loose = known.filter(({ flags }) => flags?.fixBinary === false);
    const names = loose.flatMap(({ architecture }) => (architecture === undefined ? [] : [architecture]));
    if (loose.length === 0) return { status: 'ok', evidence: known.map(({ name }) => `${name} has F`) };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'likely',
      summary: `${loose.map(({ name }) => name).join(', ')} need their interpreter inside of each pod`,
      evidence: loose.map(({ name, interpreter }) => `${name}: ${interpreter ?? ''}, without F`),
      architectures: names,
      remedies: [
        {
          does: 'register with F on the node',
          command: ['anyarch', 'register', ...new Set(names.map(commandName))],
          by: 'anyarch',
          needsRoot: true,
        },
      ],
    };
  },
});
