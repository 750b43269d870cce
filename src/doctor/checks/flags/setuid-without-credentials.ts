import { formatFlags } from '../../../core/flags.ts';
import { defineCheck } from '../../check.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import type { Remedy } from '../../verdict.ts';
import { commandName } from '../../remedies/register.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';
import { askedForSetuid } from './asked-for-setuid.ts';

export const setuidWithoutCredentials = defineCheck({
  id: 'setuid-without-credentials',
  question: 'Do foreign setuid programs gain the rights of their owners, where that is wanted?',
  severity: 'error',
  explanation:
    'sudo, su, ping and other setuid programs get the rights of their owner from the file that is executed. For the kernel that is the emulator, unless the entry has flag C (credentials). C on the host makes every foreign setuid program of every container effective, so anyarch sets it on demand only.',
  remedy: 'anyarch register ARCH --credentials',
  symptoms: ['setuid-without-effect'],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const why = askedForSetuid(examination);
    // Native setuid programs say the same: that a foreign one is meant has to be shown.
    const isForeign = foreignConcerned(examination).length > 0;
    return verdictOnEntries(examination, {
      find: (entry) => {
        const { name, flags } = entry;
        if (why === undefined || flags.credentials) return undefined;
        return {
          entry,
          severity: isForeign ? 'error' : 'warning',
          certainty: !isForeign ? 'possible' : examination.file === undefined ? 'likely' : 'proven',
          summary: `the entry ${name} has no flag C: foreign setuid programs run without the rights of their owners`,
          evidence: [why, `${name} has the flags ${formatFlags(flags) || 'none'}`],
        };
      },
      good: ({ name, flags }) =>
        flags.credentials
          ? `${name} has flag C`
          : `${name} has no flag C: foreign setuid programs gain no rights, as is wanted unless they have to`,
      remedies: (findings) => [isForeign ? registerWith(architecturesOf(findings)) : findOutFirst],
    });
  },
});

function registerWith(architectures: readonly string[]): Remedy {
  return {
    does: 'let foreign setuid programs gain the rights of their owners, everywhere on this host',
    command: ['anyarch', 'register', ...architectures.map(commandName), '--credentials'],
    by: 'user',
    needsRoot: true,
  };
}

const findOutFirst: Remedy = {
  does: 'see first whether it is a native program (file PROGRAM), whether its file system is mounted nosuid (findmnt -T PROGRAM) and whether no_new_privs is set (grep NoNewPrivs /proc/self/status); for a foreign one: anyarch register ARCH --credentials',
  by: 'user',
};
