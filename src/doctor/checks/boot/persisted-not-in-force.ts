import { defineCheck } from '../../check.ts';
import { isHostNamespace, persistence } from '../../facts/persistence.ts';
import { tableStatus } from '../../facts/status.ts';
import { registerRemedy } from '../../remedies/register.ts';

export const persistedNotInForce = defineCheck({
  id: 'persisted-not-in-force',
  question: 'Is in force what is to be registered at boot?',
  severity: 'warning',
  explanation:
    'What is persisted was to be registered at the last boot, and is not in the table: the service did not run, or failed, or somebody has taken the entries away since.',
  remedy: 'anyarch register ARCH',
  symptoms: ['registration-lost', 'exec-format-error'],
  examine: async (examination) => {
    if (!isHostNamespace(examination))
      return { status: 'skipped', reason: 'this is not the user namespace whose table a boot fills' };
    const { init, architectures } = await persistence(examination);
    if (init === undefined) return { status: 'skipped', reason: 'nothing is registered at boot by anyarch' };
    const { entries } = tableStatus(examination);
    const missing = architectures
      .map(({ architecture }) => architecture)
      .filter(
        (name) => !entries.some(({ architecture, enabled }) => architecture === name && enabled === true),
      );
    if (missing.length === 0)
      return { status: 'ok', evidence: ['every persisted architecture has an entry'] };
    return {
      status: 'fault',
      severity: 'warning',
      certainty: 'likely',
      summary: `${missing.join(', ')}: registered at boot by ${init}, and not in the table`,
      evidence: [`entries: ${entries.map(({ name }) => name).join(', ') || 'none'}`],
      architectures: missing,
      symptoms: ['registration-lost'],
      remedies: [registerRemedy(missing)],
    };
  },
});
