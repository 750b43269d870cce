import { formatFlags } from '../../../core/flags.ts';
import { defineCheck } from '../../check.ts';
import { argv0Seen } from '../../facts/argv0-seen.ts';
import { isProven } from '../../facts/entries-in-force.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const argumentsShifted = defineCheck({
  id: 'arguments-shifted',
  question: 'Do the emulators understand flag P where an entry has it?',
  severity: 'error',
  explanation:
    'With flag P the kernel gives the interpreter one word more: the name that the program was started as. QEMU knows of it since version 6.0, when the kernel starts it directly; older ones, and those behind a wrapper script, take the word for an argument of the program. Then every program gets one argument too many: cat FILE says "cat: cat: No such file or directory".',
  remedy: 'anyarch register ARCH, which sets P where the emulator understands it',
  symptoms: ['wrong-argv0', 'no-such-file'],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) =>
    verdictOnEntries(examination, {
      find: (entry) => {
        const { name, interpreter, flags, architecture } = entry;
        if (!flags.preserveArgv0 || !isProven(entry)) return undefined;
        if (argv0Seen(examination, architecture) !== 'shifted') return undefined;
        return {
          entry,
          severity: 'error',
          certainty: 'proven',
          summary: `the entry ${name} has flag P, and ${interpreter} does not understand it`,
          evidence: [
            `a program for ${architecture} that was started without arguments got one: its own name`,
            `${name} has the flags ${formatFlags(flags)}`,
          ],
        };
      },
      good: ({ name, flags, architecture }) =>
        flags.preserveArgv0
          ? `${name}: argv[0] ${argv0Seen(examination, architecture)}`
          : `${name} has no flag P`,
      remedies: (findings) => registerRemedies(examination, architecturesOf(findings)),
    }),
});
