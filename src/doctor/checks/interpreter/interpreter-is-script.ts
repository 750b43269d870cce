import { defineCheck } from '../../check.ts';
import { isProven } from '../../facts/entries-in-force.ts';
import { interpreterFile } from '../../facts/interpreter-file.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const interpreterIsScript = defineCheck({
  id: 'interpreter-is-script',
  question: 'Are the interpreters programs and no scripts, where their flags want a program?',
  severity: 'error',
  explanation:
    'Wrapper scripts give emulators options. With flag O or C the kernel holds the program open for the interpreter, and can do that for one interpreter only, while a script needs a second one: every program of the entry then fails with "exec format error". A script also needs its own interpreter in each container.',
  remedy: 'anyarch register ARCH',
  symptoms: ['exec-format-error', 'no-such-file'],
  examine: (examination) =>
    verdictOnEntries(examination, {
      find: (entry) => {
        const { name, interpreter, flags } = entry;
        const { script } = interpreterFile(examination, interpreter);
        if (script === undefined || isProven(entry)) return undefined;
        const refusing = flags.credentials ? 'C' : flags.openBinary ? 'O' : undefined;
        return {
          entry,
          severity: 'error',
          certainty: entry.proof?.status === 'failed' && refusing !== undefined ? 'proven' : 'likely',
          summary:
            refusing === undefined
              ? `the interpreter ${interpreter} of the entry ${name} is a script, and does not work`
              : `the interpreter ${interpreter} of the entry ${name} is a script, which flag ${refusing} does not allow`,
          evidence: [
            `${interpreter} begins with #!${script.interpreter}`,
            ...(entry.proof?.status === 'failed' ? [entry.proof.reason] : []),
          ],
        };
      },
      good: ({ name }) => `${name}: its interpreter is no script, or one that works`,
      remedies: (findings) => registerRemedies(examination, architecturesOf(findings)),
    }),
});
