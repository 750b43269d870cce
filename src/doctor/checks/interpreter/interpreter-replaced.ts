import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { isProven, type EntryInForce } from '../../facts/entries-in-force.ts';
import { interpreterFile } from '../../facts/interpreter-file.ts';
import {
  processesOfDeleted,
  startedVersion,
  versionAtPath,
  worksByPath,
} from '../../facts/pinned-emulator.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const interpreterReplaced = defineCheck({
  id: 'interpreter-replaced',
  question: 'Is the emulator that runs the one that is at its path?',
  severity: 'error',
  explanation:
    "With flag F the kernel keeps the very file open that was there when the entry was registered. After an upgrade or a repair the old one keeps running until the entry is registered anew: a new version that has no effect, a crash that is fixed and still there. The only sign of it is /proc/PID/exe, which says '(deleted)'.",
  remedy: 'anyarch register ARCH',
  symptoms: ['guest-crash', 'system-call-missing', 'illegal-instruction', 'guest-hang', 'slow'],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) =>
    verdictOnEntries(examination, {
      find: (entry) => {
        const { name, interpreter, flags } = entry;
        if (!flags.fixBinary || !interpreterFile(examination, interpreter).exists) return undefined;
        const evidence = differences(examination, entry);
        if (evidence.length === 0) return undefined;
        return {
          entry,
          severity: isProven(entry) ? 'warning' : 'error',
          certainty: 'proven',
          summary: `the entry ${name} runs another file than the one that is at ${interpreter} now`,
          evidence: [
            ...evidence,
            ...processesOfDeleted(examination, interpreter).map(
              ({ pid, sha256 }) =>
                `process ${pid} executes ${interpreter} (deleted), sha256 ${sha256 ?? 'unknown'}`,
            ),
          ],
        };
      },
      good: ({ name, flags, emulator }) =>
        flags.fixBinary
          ? `${name}: ${emulator?.version === undefined ? 'no other version' : `version ${emulator.version}`} runs and is at its path, as far as that shows`
          : `${name} has no flag F: what is at its path runs`,
      remedies: (findings) =>
        registerRemedies(examination, architecturesOf(findings), 'register the emulator that is chosen now'),
    }),
});

/** A line for each sign of it; the file's inode, versions, and what both do with a probe. */
function differences(examination: Examination, entry: EntryInForce): string[] {
  const { name, interpreter, emulator, proof } = entry;
  const evidence: string[] = [];
  if (emulator?.state === 'replaced') {
    evidence.push(
      `the ledger has version ${emulator.version ?? 'unknown'}, sha256 ${emulator.sha256 ?? 'unknown'}; ${interpreter} has been written since`,
    );
  }
  const hasEnded = proof?.status === 'failed' && proof.outcome.kind !== 'refused';
  if (hasEnded && worksByPath(examination, entry))
    evidence.push(`${interpreter} PROBE runs the probe, and by the entry ${name} ${proof.reason}`);
  if (emulator === undefined || hasEnded || !mayDiffer(examination, entry)) return evidence;
  const started = startedVersion(examination, entry);
  const atPath = started === undefined ? undefined : versionAtPath(examination, entry);
  if (started !== undefined && atPath !== undefined && started !== atPath)
    evidence.push(`the kernel starts version ${started}, and ${interpreter} is version ${atPath}`);
  return evidence;
}

/** Emulators are started only where something has been written since: a machine may have dozens of entries. */
function mayDiffer(
  { host: { files, binfmt } }: Examination,
  { name, interpreter, emulator }: EntryInForce,
): boolean {
  if (emulator?.state === 'same') return false;
  const made = files.status(`${binfmt.path}/${name}`)?.modifiedMs;
  const file = files.status(interpreter);
  const changed = file?.changedMs ?? file?.modifiedMs;
  return made === undefined || changed === undefined || changed > made;
}
