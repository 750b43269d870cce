import { defineCheck } from '../../check.ts';
import { isProven, nativeEntries, type EntryInForce } from '../../facts/entries-in-force.ts';
import { tableStatus } from '../../facts/status.ts';
import { commandName } from '../../remedies/register.ts';
import { writeToTable } from '../../remedies/write-to-table.ts';
import type { Remedy } from '../../verdict.ts';
import { verdictOnEntries } from '../verdict-on-entries.ts';

export const nativeEmulated = defineCheck({
  id: 'native-emulated',
  question: 'Does the machine run by itself what it can run by itself?',
  severity: 'error',
  explanation:
    'The kernel asks binfmt_misc before its own loader of programs, so an entry for an architecture that the machine runs natively takes all of its programs: i386 on x86-64, 32-bit arm on many arm64 machines. They become many times slower, lose what emulators cannot do, or fail where the entry does not work.',
  remedy: 'anyarch unregister ARCH, or for an entry of others: echo -1 > /proc/sys/fs/binfmt_misc/NAME',
  symptoms: [
    'too-many-links',
    'slow',
    'no-such-file',
    'guest-crash',
    'exec-format-error',
    'tracing-refused',
    'permission-denied',
  ],
  examine: (examination) => {
    const entries = nativeEntries(examination);
    const { native, table } = tableStatus(examination);
    if (entries.length === 0) {
      return native.length === 0
        ? { status: 'unknown', reason: 'it could not be found out what this machine runs by itself' }
        : { status: 'ok', evidence: [`runs without any emulator: ${native.join(', ')}`] };
    }
    return verdictOnEntries(examination, {
      entries,
      find: (entry) => ({
        entry,
        severity: isProven(entry) ? 'warning' : 'error',
        certainty: 'proven',
        summary: `the entry ${entry.name} emulates ${entry.architecture}, which this machine runs by itself`,
        evidence: [
          `a marked program for ${entry.architecture}, which no entry takes, ran without an emulator`,
          `${table.path}/${entry.name} is enabled and gives such programs to ${entry.interpreter}`,
          ...(entry.proof?.status === 'failed' ? [entry.proof.reason] : []),
        ],
      }),
      good: ({ name }) => name,
      remedies: ([first, ...others]) => [
        removal(first.entry, table.path),
        ...others.map(({ entry }) => removal(entry, table.path)),
      ],
    });
  },
});

function removal({ name, owner, architecture }: EntryInForce, table: string): Remedy {
  if (owner.kind === 'anyarch')
    return {
      does: `remove the entry ${name}`,
      command: ['anyarch', 'unregister', commandName(architecture)],
      by: 'anyarch',
      needsRoot: true,
    };
  return {
    does: `remove the entry ${name}, which is not anyarch's (${owner.evidence})`,
    command: writeToTable('-1', `${table}/${name}`),
    by: 'user',
    needsRoot: true,
  };
}
