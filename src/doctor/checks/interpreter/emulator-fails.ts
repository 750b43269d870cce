import { chooseEmulator } from '../../../emulators/index.ts';
import { defineCheck } from '../../check.ts';
import { confinementExplains } from '../../facts/emulator-trial.ts';
import { commandName, registerRemedy } from '../../remedies/register.ts';
import type { Remedy } from '../../verdict.ts';
import { architecturesOf, remediesEndingWith, verdictOnEntries } from '../verdict-on-entries.ts';

/** Refusals that other checks find the reason of. */
const explainedElsewhere = ['ENOEXEC', 'ENOENT', 'EACCES', 'ELOOP'];

export const emulatorFails = defineCheck({
  id: 'emulator-fails',
  question: 'Do the emulators run a tiny program of their architecture to its end?',
  severity: 'error',
  explanation:
    'A program of about a hundred bytes that only exits is executed for each entry. An emulator that does not get it to its end is broken: built for another processor or libc, for another architecture than its entry is for, or kept from working by limits of memory and address space.',
  remedy: 'anyarch register ARCH, or: anyarch emulators fetch ARCH',
  symptoms: ['guest-crash', 'guest-hang', 'illegal-instruction', 'system-call-missing', 'out-of-memory'],
  examine: (examination) => {
    if (confinementExplains(examination))
      return {
        status: 'skipped',
        reason: 'a filter of system calls or a limit keeps emulators from working',
      };
    return verdictOnEntries(examination, {
      find: (entry) => {
        const { name, interpreter, proof } = entry;
        if (proof?.status !== 'failed') return undefined;
        const { outcome } = proof;
        if (outcome.kind === 'refused' && explainedElsewhere.includes(outcome.errno)) return undefined;
        return {
          entry,
          severity: 'error',
          certainty: 'proven',
          summary: `the emulator ${interpreter} of the entry ${name} does not work`,
          evidence: [
            proof.reason,
            `version ${entry.emulator?.version ?? 'unknown'}, sha256 ${entry.emulator?.sha256 ?? 'unknown'}`,
          ],
        };
      },
      good: ({ name, proof }) =>
        proof?.status === 'proven' ? `${name}: the probe ran` : `${name}: ${notTried(proof)}`,
      remedies: (findings) => {
        const used = findings.filter(
          ({ entry }) =>
            chooseEmulator(examination.host, entry.architecture).emulator?.path === entry.interpreter,
        );
        const fetching = architecturesOf(used).map(fetchRemedy);
        return remediesEndingWith(fetching, registerRemedy(architecturesOf(findings)));
      },
    });
  },
});

function notTried(proof: { readonly status: string; readonly reason?: string } | undefined): string {
  return proof?.reason ?? 'not tried, because another entry takes its programs';
}

/** Where the emulator that would be registered is the one that fails. */
function fetchRemedy(architecture: string): Remedy {
  return {
    does: `fetch another emulator for ${architecture}, to be registered afterwards`,
    command: ['anyarch', 'emulators', 'fetch', commandName(architecture)],
    by: 'anyarch',
  };
}
