import { defineCheck } from '../../check.ts';
import { isProven, refusedWith } from '../../facts/entries-in-force.ts';
import { interpreterFile } from '../../facts/interpreter-file.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const interpreterMissing = defineCheck({
  id: 'interpreter-missing',
  question: 'Is the interpreter of each entry there?',
  severity: 'error',
  explanation:
    'Without flag F the kernel looks an entry\'s interpreter up whenever a program is executed. Where nothing is at that path, the program fails with "no such file or directory", although it is there itself. An emulator that was removed or moved leaves such an entry behind.',
  remedy: 'anyarch register ARCH',
  symptoms: ['no-such-file'],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) =>
    verdictOnEntries(examination, {
      find: (entry) => {
        const { name, interpreter, flags } = entry;
        const { problem } = interpreterFile(examination, interpreter);
        if (flags.fixBinary || isProven(entry) || problem === undefined || problem.errno === 'EACCES')
          return undefined;
        return {
          entry,
          severity: 'error',
          certainty: refusedWith(entry) === problem.errno ? 'proven' : 'likely',
          summary: `the entry ${name} names the interpreter ${interpreter}, which is not there`,
          evidence: [
            `${problem.reason} (${problem.errno})`,
            `${name} has no flag F: the path is looked up at each execution`,
            ...(entry.proof?.status === 'failed' ? [entry.proof.reason] : []),
          ],
        };
      },
      good: ({ name, interpreter, flags }) =>
        flags.fixBinary
          ? `${name}: flag F, the interpreter was opened when it was registered`
          : `${name}: ${interpreter} is there`,
      remedies: (findings) => registerRemedies(examination, architecturesOf(findings)),
    }),
});
