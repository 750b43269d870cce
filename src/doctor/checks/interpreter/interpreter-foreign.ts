import { defineCheck } from '../../check.ts';
import { isProven } from '../../facts/entries-in-force.ts';
import { interpreterFile } from '../../facts/interpreter-file.ts';
import { tableStatus } from '../../facts/status.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const interpreterForeign = defineCheck({
  id: 'interpreter-foreign',
  question: 'Are the interpreters programs that this machine runs by itself?',
  severity: 'error',
  explanation:
    'An emulator for another host, such as the arm64 build of qemu-aarch64 on an x86-64 machine, has to be emulated itself. The kernel hands it to the entry that it belongs to, again and again, and gives up with "too many levels of symbolic links", or with "exec format error" where no entry takes it or the entry has flag O or C.',
  remedy: 'anyarch register ARCH',
  symptoms: ['too-many-links', 'exec-format-error'],
  examine: (examination) => {
    const { native } = tableStatus(examination);
    return verdictOnEntries(examination, {
      find: (entry) => {
        const { name, interpreter } = entry;
        const { program } = interpreterFile(examination, interpreter);
        if (program === undefined || isProven(entry) || native.length === 0) return undefined;
        if (program.architecture !== undefined && native.includes(program.architecture)) return undefined;
        const what = program.architecture ?? 'an architecture that QEMU does not know';
        return {
          entry,
          severity: 'error',
          certainty: entry.proof?.status === 'failed' ? 'proven' : 'likely',
          summary: `the interpreter ${interpreter} of the entry ${name} is itself a program for ${what}`,
          evidence: [
            `the ELF header of ${interpreter} says ${what}`,
            `this machine runs by itself: ${native.join(', ')}`,
            ...(entry.proof?.status === 'failed' ? [entry.proof.reason] : []),
          ],
        };
      },
      good: ({ name, interpreter }) =>
        `${name}: ${interpreter} is for ${interpreterFile(examination, interpreter).program?.architecture ?? 'what cannot be told'}`,
      remedies: (findings) => registerRemedies(examination, architecturesOf(findings)),
    });
  },
});
