import { stateDirectory } from '../../../host/state-directory.ts';
import { readFormerWishes } from '../../../registration/index.ts';
import { defineCheck } from '../../check.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { isHostNamespace, persistence } from '../../facts/persistence.ts';
import { tableStatus } from '../../facts/status.ts';
import { commandName, registerRemedy } from '../../remedies/register.ts';

export const lostAtBoot = defineCheck({
  id: 'lost-at-boot',
  question: 'Is what was registered before the last boot in force?',
  severity: 'error',
  explanation:
    'A boot empties the table. What was registered by a command before it, and not persisted, is "exec format error" from then on.',
  remedy: 'anyarch register ARCH, and for each boot: anyarch persist enable ARCH',
  symptoms: ['registration-lost', 'exec-format-error'],
  examine: async (examination) => {
    const { host } = examination;
    if (!isHostNamespace(examination))
      return { status: 'skipped', reason: 'this is not the user namespace whose table a boot empties' };
    const { entries } = tableStatus(examination);
    const persisted = (await persistence(examination)).architectures;
    const lost = readFormerWishes(host, stateDirectory(host.system)).filter(
      (wish) => ![...entries, ...persisted].some(({ architecture }) => architecture === wish.architecture),
    );
    const names = [...new Set(lost.map(({ architecture }) => architecture))];
    if (names.length === 0)
      return { status: 'ok', evidence: ['nothing is recorded that was there before the last boot only'] };
    const isAsked = isAskedAbout(examination, ['registration-lost']);
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'note',
      certainty: isAsked ? 'likely' : 'possible',
      summary: `${names.join(', ')}: registered before the last boot, and not since`,
      evidence: lost.map(({ architecture, at, by }) => `${architecture}: ${at}, ${by ?? 'by a program'}`),
      architectures: names,
      symptoms: ['registration-lost'],
      remedies: [
        registerRemedy(names),
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
