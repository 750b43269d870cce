import { mountOf } from '../../../host/mounts.ts';
import { defineCheck } from '../../check.ts';
import { isProven, refusedWith } from '../../facts/entries-in-force.ts';
import { interpreterFile } from '../../facts/interpreter-file.ts';
import { registerRemedy } from '../../remedies/register.ts';
import type { Remedy } from '../../verdict.ts';
import { architecturesOf, remediesEndingWith, verdictOnEntries } from '../verdict-on-entries.ts';

export const interpreterNotExecutable = defineCheck({
  id: 'interpreter-not-executable',
  question: 'May the interpreter of each entry be executed?',
  severity: 'error',
  explanation:
    'Without flag F the kernel opens the interpreter with the rights of whoever executes a program. Where its mode does not allow that, or it is a directory, the program fails with "permission denied", although its own mode is right.',
  remedy: 'chmod 755 INTERPRETER, or: anyarch register ARCH',
  symptoms: ['permission-denied'],
  examine: (examination) =>
    verdictOnEntries(examination, {
      find: (entry) => {
        const { name, interpreter, flags } = entry;
        const { problem } = interpreterFile(examination, interpreter);
        if (flags.fixBinary || isProven(entry) || problem?.errno !== 'EACCES') return undefined;
        const mode = examination.host.files.status(interpreter)?.mode ?? 0;
        const isOnNoexec = (mode & 0o111) !== 0 && isNoexec(examination.host, interpreter);
        if (isOnNoexec) return undefined;
        return {
          entry,
          severity: 'error',
          certainty: refusedWith(entry) === 'EACCES' ? 'proven' : 'likely',
          summary: `the interpreter ${interpreter} of the entry ${name} may not be executed`,
          evidence: [
            problem.reason,
            `${name} has no flag F: the file is opened at each execution`,
            ...(entry.proof?.status === 'failed' ? [entry.proof.reason] : []),
          ],
        };
      },
      good: ({ name }) => `${name}: its interpreter may be executed`,
      remedies: (findings) =>
        remediesEndingWith(
          findings
            .map(({ entry }) => entry.interpreter)
            .filter((path) => examination.host.files.status(path)?.kind === 'file')
            .map(allowing),
          registerRemedy(architecturesOf(findings)),
        ),
    }),
});

function allowing(path: string): Remedy {
  return { does: `let everybody execute ${path}`, command: ['chmod', '755', path], by: 'user' };
}

function isNoexec(host: Parameters<typeof mountOf>[0], path: string): boolean {
  return mountOf(host, path)?.options.has('noexec') === true;
}
