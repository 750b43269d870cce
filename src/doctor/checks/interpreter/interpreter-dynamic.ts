import { followInside } from '../../../host/follow-inside.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { interpreterFile } from '../../facts/interpreter-file.ts';
import { otherRoot } from '../../facts/other-root.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import type { Certainty, Severity } from '../../verdict.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const interpreterDynamic = defineCheck({
  id: 'interpreter-dynamic',
  question: 'Are interpreters that are to work in containers linked statically?',
  severity: 'error',
  explanation:
    'Flag F keeps the interpreter open, not the dynamic loader and the libraries that it needs itself: those are looked up in the root file system of the program. A dynamically linked QEMU with F works on the host and fails in containers with "no such file or directory", or by luck starts with the libraries of the container.',
  remedy: 'anyarch register ARCH, which takes static emulators only',
  symptoms: ['no-such-file', 'guest-crash', 'loader-not-found'],
  examine: (examination) =>
    verdictOnEntries(examination, {
      find: (entry) => {
        const { name, interpreter, flags } = entry;
        const { program } = interpreterFile(examination, interpreter);
        if (!flags.fixBinary || program?.linkage !== 'dynamic' || program.loader === undefined)
          return undefined;
        return {
          entry,
          ...gravity(examination, program.loader),
          summary: `the interpreter ${interpreter} of the entry ${name} is linked dynamically: containers need its loader ${program.loader}`,
          evidence: [
            `${interpreter} names the loader ${program.loader}`,
            `${name} has flag F, which keeps the interpreter open and not its loader`,
            ...(entry.proof?.status === 'failed' ? [entry.proof.reason] : []),
          ],
        };
      },
      good: ({ name, interpreter, flags }) =>
        flags.fixBinary
          ? `${name}: ${interpreterFile(examination, interpreter).program?.linkage ?? 'no file to look at'}`
          : `${name} has no flag F`,
      remedies: (findings) =>
        registerRemedies(examination, architecturesOf(findings), 'register a static emulator'),
    }),
});

function gravity(
  examination: Examination,
  loader: string,
): { readonly severity: Severity; readonly certainty: Certainty } {
  const root = otherRoot(examination);
  if (root?.path !== undefined && followInside(examination.host.files, root.path, loader) === undefined)
    return { severity: 'error', certainty: 'proven' };
  if (root !== undefined && examination.message?.symptoms.includes('no-such-file') === true)
    return { severity: 'error', certainty: 'likely' };
  return { severity: 'warning', certainty: 'likely' };
}
