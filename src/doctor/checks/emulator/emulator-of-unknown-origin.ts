import { defineCheck } from '../../check.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const emulatorOfUnknownOrigin = defineCheck({
  id: 'emulator-of-unknown-origin',
  question: 'Is it known who brought each emulator?',
  severity: 'note',
  explanation:
    "Every foreign program that anybody starts is run by the entry's emulator. Nothing on this machine tells who brought this one: no ledger of anyarch, no file of the distribution, no mark of a known tool. Its digest tells whether it is a file that you know.",
  remedy: 'anyarch register ARCH puts an emulator from a signed archive in front of it',
  symptoms: ['guest-crash', 'guest-hang'],
  examine: (examination) =>
    verdictOnEntries(examination, {
      find: (entry) => {
        const { name, owner, interpreter, emulator } = entry;
        if (owner.kind !== 'unknown') return undefined;
        return {
          entry,
          severity: 'note',
          certainty: 'possible',
          summary: `nobody is known who made the entry ${name} and its emulator ${interpreter}`,
          evidence: [
            owner.evidence,
            `${interpreter}: version ${emulator?.version ?? 'unknown'}, sha256 ${emulator?.sha256 ?? 'unknown'}`,
          ],
        };
      },
      good: ({ name, owner }) => `${name}: ${owner.evidence}`,
      remedies: (findings) => registerRemedies(examination, architecturesOf(findings)),
    }),
});
