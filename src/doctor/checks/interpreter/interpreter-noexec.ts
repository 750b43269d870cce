import { mountOf } from '../../../host/mounts.ts';
import { defineCheck } from '../../check.ts';
import { isProven, refusedWith } from '../../facts/entries-in-force.ts';
import { interpreterFile } from '../../facts/interpreter-file.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { architecturesOf, verdictOnEntries } from '../verdict-on-entries.ts';

export const interpreterNoexec = defineCheck({
  id: 'interpreter-noexec',
  question: 'Are the interpreters on file systems that programs may be executed from?',
  severity: 'error',
  explanation:
    'A mount with the option noexec executes nothing, emulators neither: without flag F every program of the entry fails with "permission denied"; with F registering fails. Home directories, /tmp and /var are often mounted so on hardened machines.',
  remedy: 'anyarch register ARCH, or: mount -o remount,exec MOUNT',
  symptoms: ['permission-denied', 'registration-refused'],
  references: ['https://man7.org/linux/man-pages/man8/mount.8.html'],
  examine: (examination) => {
    const { host } = examination;
    const mountOfEntry = (interpreter: string) => {
      const mount = mountOf(host, interpreter);
      return mount?.options.has('noexec') === true ? mount : undefined;
    };
    return verdictOnEntries(examination, {
      find: (entry) => {
        const { name, interpreter, flags } = entry;
        if (flags.fixBinary || isProven(entry)) return undefined;
        const mount = mountOfEntry(interpreter);
        if (mount === undefined || !interpreterFile(examination, interpreter).exists) return undefined;
        return {
          entry,
          severity: 'error',
          certainty: refusedWith(entry) === 'EACCES' ? 'proven' : 'likely',
          summary: `the interpreter ${interpreter} of the entry ${name} is on ${mount.point}, which is mounted noexec`,
          evidence: [
            `/proc/self/mountinfo: ${mount.point} (${mount.type}) has the option noexec`,
            ...(entry.proof?.status === 'failed' ? [entry.proof.reason] : []),
          ],
        };
      },
      good: ({ name, interpreter }) => `${name}: ${interpreter} is on no noexec mount`,
      remedies: (findings) => [
        ...registerRemedies(examination, architecturesOf(findings)),
        ...[...new Set(findings.flatMap(({ entry }) => mountOfEntry(entry.interpreter)?.point ?? []))].map(
          (point) =>
            ({
              does: `allow programs on ${point}`,
              command: ['mount', '-o', 'remount,exec', point],
              by: 'user',
              needsRoot: true,
            }) as const,
        ),
      ],
    });
  },
});
