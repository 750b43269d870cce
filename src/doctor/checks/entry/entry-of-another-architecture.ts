import { registerRemedies } from '../../remedies/register-remedies.ts';
import { defineCheck } from '../../check.ts';
import { broadEntries } from '../../facts/broad-entries.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { fails, lookedAt, proofLine } from './failing.ts';
import { unusableTable } from './unusable-table.ts';

export const entryOfAnotherArchitecture = defineCheck({
  id: 'entry-of-another-architecture',
  question: 'Are programs taken by the emulator of their own architecture?',
  severity: 'error',
  explanation:
    'A magic or mask that is too short or too wide also takes programs of other architectures, as old rules for mips take N32 programs: their emulator then says "Invalid ELF image for this architecture".',
  remedy: 'anyarch register ARCH of the program, which goes in front',
  symptoms: ['exec-format-error', 'guest-crash', 'wrong-platform'],
  examine: (examination) => {
    const unusable = unusableTable(examination);
    if (unusable !== undefined) return { status: 'skipped', reason: unusable };
    const asked = foreignConcerned(examination);
    const hidden = broadEntries(examination).flatMap(({ hides }) => hides);
    const found = lookedAt(examination).filter(
      (one) =>
        one.winner !== undefined &&
        !hidden.includes(one.architecture) &&
        one.winner.status.architecture !== one.architecture &&
        asked.includes(one.architecture) &&
        fails(one),
    );
    if (found.length === 0)
      return { status: 'ok', evidence: ['no entry takes what was asked about away from its own emulator'] };
    const names = found.map(({ architecture }) => architecture);
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: found
        .map(
          ({ architecture, winner }) =>
            `${winner?.entry.name ?? ''} is for ${winner?.status.architecture ?? 'something else'} and takes programs for ${architecture}`,
        )
        .join('; '),
      evidence: found.flatMap((one) => [
        `${one.architecture}: in force is ${one.winner?.entry.interpreter ?? ''}`,
        proofLine(one),
      ]),
      remedies: registerRemedies(examination, names),
      // The message names the one whose emulator it got.
      architectures: [...names, ...found.flatMap(({ winner }) => winner?.status.architecture ?? [])],
    };
  },
});
