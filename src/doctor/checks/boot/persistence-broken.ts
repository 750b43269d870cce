import { defineCheck } from '../../check.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { persistence } from '../../facts/persistence.ts';
import { commandName } from '../../remedies/register.ts';
import type { Remedy } from '../../verdict.ts';

export const persistenceBroken = defineCheck({
  id: 'persistence-broken',
  question: 'Will what is persisted be there after the next boot?',
  severity: 'error',
  explanation:
    'A boot empties the table; systemd-binfmt, binfmt-support or a script of anyarch fills it again from files. Where a copy of an emulator, a rule or a unit was removed or changed, or a file of somebody else wins, the architecture is gone after the next boot, or goes to another emulator.',
  remedy: 'anyarch persist enable ARCH',
  symptoms: ['registration-lost', 'exec-format-error'],
  references: ['https://www.freedesktop.org/software/systemd/man/latest/binfmt.d.html'],
  examine: async (examination) => {
    const { init, architectures, problems } = await persistence(examination);
    if (init === undefined) return { status: 'skipped', reason: 'nothing is registered at boot by anyarch' };
    const lost = architectures.filter(({ survives }) => !survives);
    const errors = [...lost.flatMap(({ error }) => error ?? []), ...problems];
    const [first] = errors;
    if (first === undefined)
      return {
        status: 'ok',
        evidence: architectures.map(({ architecture }) => `${architecture}: registered at boot by ${init}`),
      };
    const isAsked = isAskedAbout(examination, ['registration-lost']);
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'warning',
      certainty: 'likely',
      summary: first.message,
      evidence: errors.map(({ message, code }) => `${message} [${code}]`),
      symptoms: ['registration-lost'],
      architectures: lost.map(({ architecture }) => architecture),
      remedies: [
        enableAgain(architectures.map(({ architecture }) => architecture)),
        ...errors.flatMap(({ hint }): Remedy[] =>
          hint === undefined || /^anyarch persist enable(?: \S+)?$/.test(hint)
            ? []
            : [{ does: hint, by: 'user' }],
        ),
      ],
    };
  },
});

function enableAgain(architectures: readonly string[]): Remedy {
  return {
    does: 'write the files and copies again',
    command: ['anyarch', 'persist', 'enable', ...architectures.map(commandName)],
    by: 'anyarch',
    needsRoot: true,
  };
}
