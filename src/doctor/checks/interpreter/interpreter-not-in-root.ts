import { followInside } from '../../../host/follow-inside.ts';
import { defineCheck } from '../../check.ts';
import type { EntryInForce } from '../../facts/entries-in-force.ts';
import { interpreterFile } from '../../facts/interpreter-file.ts';
import { otherRoot, type OtherRoot } from '../../facts/other-root.ts';
import type { Examination } from '../../examination.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import type { Certainty, Severity } from '../../verdict.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const interpreterNotInRoot = defineCheck({
  id: 'interpreter-not-in-root',
  question: 'Is the interpreter found in containers and other root file systems, too?',
  severity: 'error',
  explanation:
    'Without flag F the kernel looks the interpreter up in the root file system of the program: on the host all is well, and in a container every foreign program fails with "no such file or directory", unless the image brings the emulator along. With flag F it is opened once, when it is registered.',
  remedy: 'anyarch register ARCH, which sets F',
  symptoms: ['no-such-file'],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const root = otherRoot(examination);
    return verdictOnEntries(examination, {
      find: (entry) => {
        const { name, interpreter, flags } = entry;
        if (flags.fixBinary || !interpreterFile(examination, interpreter).exists) return undefined;
        const lacking = root?.path === undefined ? undefined : isMissing(examination, root.path, interpreter);
        if (lacking === false) return undefined;
        return {
          entry,
          ...gravity(root, examination),
          summary: `the entry ${name} has no flag F: ${interpreter} is looked up in ${root?.why ?? 'the root file system of each program'}`,
          evidence: [
            evidenceOf(entry),
            root?.path === undefined
              ? 'a root file system that lacks this path cannot run the programs'
              : `there is no ${interpreter} in ${root.path}`,
          ],
        };
      },
      good: ({ name, flags }) =>
        flags.fixBinary ? `${name} has flag F` : `${name}: its interpreter is in ${root?.path ?? '/'}, too`,
      remedies: (findings) =>
        registerRemedies(
          examination,
          architecturesOf(findings),
          'register an emulator with flag F, which needs no copy of it',
        ),
    });
  },
});

function evidenceOf({ name, interpreter }: EntryInForce): string {
  return `${name}: interpreter ${interpreter}, which is there on the host, flags without F`;
}

/** Where no root file system is known to lack it, only a message of that kind makes it more than worth knowing. */
function gravity(
  root: OtherRoot | undefined,
  { message }: Examination,
): { readonly severity: Severity; readonly certainty: Certainty } {
  if (root?.path !== undefined) return { severity: 'error', certainty: 'proven' };
  const isTold = message?.symptoms.includes('no-such-file') === true;
  if (root === undefined) return { severity: 'note', certainty: 'possible' };
  return isTold ? { severity: 'error', certainty: 'likely' } : { severity: 'warning', certainty: 'possible' };
}

function isMissing({ host }: Examination, root: string, path: string): boolean {
  return followInside(host.files, root, path) === undefined;
}
