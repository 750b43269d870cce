import { formatFlags } from '../../../core/flags.ts';
import { defineCheck } from '../../check.ts';
import { argv0Seen } from '../../facts/argv0-seen.ts';
import { isProven } from '../../facts/entries-in-force.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const argv0Lost = defineCheck({
  id: 'argv0-lost',
  question: 'Are foreign programs told the name that they were started as?',
  severity: 'error',
  explanation:
    'Without flag P the name that a program was started as (argv[0]) is lost, and it gets its path instead. Programs that behave by their name then misbehave: a login shell -sh is none, and busybox or a compiler driver that is started under another name than its file has does something else.',
  remedy: 'anyarch register ARCH, which sets P',
  symptoms: ['wrong-argv0'],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const isTold = examination.message?.symptoms.includes('wrong-argv0') === true;
    return verdictOnEntries(examination, {
      find: (entry) => {
        const { name, flags, architecture } = entry;
        if (flags.preserveArgv0) return undefined;
        const seen = isProven(entry) ? argv0Seen(examination, architecture) : 'unknown';
        if (seen === 'preserved') return undefined;
        return {
          entry,
          severity: isTold ? 'error' : 'note',
          certainty: seen === 'path' ? 'proven' : 'likely',
          summary: `the entry ${name} has no flag P: foreign programs are told their path as their name`,
          evidence: [
            `${name} has the flags ${formatFlags(flags) || 'none'}`,
            ...(seen === 'path'
              ? [`a program for ${architecture} that was started under another name got its path as argv[0]`]
              : []),
          ],
        };
      },
      good: ({ name }) => `${name} has flag P`,
      remedies: (findings) =>
        registerRemedies(examination, architecturesOf(findings), 'register an emulator with flag P'),
    });
  },
});
