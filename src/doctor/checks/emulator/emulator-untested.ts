import { testedVersions } from '../../../emulators/index.ts';
import { compareQemuVersions } from '../../../core/version.ts';
import { defineCheck } from '../../check.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const emulatorUntested = defineCheck({
  id: 'emulator-untested',
  question: 'Are the emulators of versions that anyarch is tested with?',
  severity: 'note',
  explanation:
    'The end-to-end tests of anyarch run with certain versions of QEMU. Others may be as good; what goes wrong with them nobody has seen here.',
  remedy: 'anyarch emulators fetch ARCH && anyarch register ARCH',
  symptoms: ['guest-crash', 'guest-hang', 'system-call-missing', 'illegal-instruction'],
  examine: (examination) =>
    verdictOnEntries(examination, {
      find: (entry) => {
        const version = entry.emulator?.version;
        if (version === undefined || isTested(version)) return undefined;
        return {
          entry,
          severity: 'note',
          certainty: 'possible',
          summary: `${entry.name}: QEMU ${version} is no version that anyarch is tested with`,
          evidence: [`${entry.interpreter} is version ${version}`, `tested: ${testedVersions.join(', ')}`],
        };
      },
      good: ({ name, emulator }) => `${name}: version ${emulator?.version ?? 'unknown'}`,
      remedies: (findings) => registerRemedies(examination, architecturesOf(findings)),
    }),
});

/** Repairs within a stable series bring no new behaviour: 10.0.14 is as good as 10.0.13. */
function isTested(version: string): boolean {
  return testedVersions.some(
    (tested) =>
      seriesOf(tested) === seriesOf(version) && compareQemuVersions(version, `${seriesOf(tested)}.0`) >= 0,
  );
}

function seriesOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
