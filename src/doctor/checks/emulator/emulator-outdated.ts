import { compareQemuVersions } from '../../../core/version.ts';
import { chooseEmulator } from '../../../emulators/index.ts';
import { defineCheck } from '../../check.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const emulatorOutdated = defineCheck({
  id: 'emulator-outdated',
  question: 'Are the emulators the newest that are here?',
  severity: 'note',
  explanation:
    'An entry keeps the emulator that it was registered with. Where a newer one is installed or was fetched since, registering again puts it in force, without a gap.',
  remedy: 'anyarch register ARCH',
  symptoms: ['guest-crash', 'system-call-missing', 'illegal-instruction', 'guest-hang', 'slow'],
  examine: (examination) =>
    verdictOnEntries(examination, {
      find: (entry) => {
        const version = entry.emulator?.version;
        const { emulator } = chooseEmulator(examination.host, entry.architecture);
        if (version === undefined || emulator === undefined) return undefined;
        if (compareQemuVersions(version, emulator.version) >= 0) return undefined;
        return {
          entry,
          severity: 'note',
          certainty: 'possible',
          summary: `the entry ${entry.name} runs QEMU ${version}, and ${emulator.version} is here`,
          evidence: [
            `${entry.name}: ${entry.interpreter}, version ${version}`,
            `${emulator.path}: version ${emulator.version}`,
          ],
        };
      },
      good: ({ name, emulator }) => `${name}: version ${emulator?.version ?? 'unknown'}`,
      remedies: (findings) => registerRemedies(examination, architecturesOf(findings)),
    }),
});
