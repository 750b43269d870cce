import { defineCheck } from '../../check.ts';
import { broadEntries } from '../../facts/broad-entries.ts';
import { tableStatus } from '../../facts/status.ts';
import { writeToTable } from '../../remedies/write-to-table.ts';
import type { Remedy } from '../../verdict.ts';
import { listed } from './failing.ts';
import { unusableTable } from './unusable-table.ts';

export const entryTooBroad = defineCheck({
  id: 'entry-too-broad',
  question: 'Does each entry look at the machine that a program is for?',
  severity: 'error',
  explanation:
    'A rule whose magic ends before the bytes that name the machine takes programs of every architecture of that size, also those that the machine runs by itself. That is what becomes of a rule when a shell writes its \\x00 as bytes: the kernel cuts the magic at the first one, and takes the rule without a word.',
  remedy: 'sh -c "echo 0 > /proc/sys/fs/binfmt_misc/NAME", and register it anew: anyarch register ARCH',
  symptoms: [
    'exec-format-error',
    'run-as-script',
    'guest-crash',
    'wrong-platform',
    'no-such-file',
    'permission-denied',
    'too-many-links',
    'slow',
  ],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const unusable = unusableTable(examination);
    if (unusable !== undefined) return { status: 'skipped', reason: unusable };
    const [first, ...others] = broadEntries(examination);
    const { table } = tableStatus(examination);
    if (first === undefined)
      return { status: 'ok', evidence: [`all entries of ${table.path} that take ELF programs do`] };
    const found = [first, ...others];
    const disable = ({ name }: { readonly name: string }): Remedy => ({
      does: `switch ${name} off`,
      command: writeToTable('0', `${table.path}/${name}`),
      by: 'user',
      needsRoot: true,
    });
    return {
      status: 'fault',
      // What it takes of foreign programs is told of those that were asked about, by the check of their own entry.
      severity: found.some(({ hides }) => hides.length > 0) ? 'error' : 'warning',
      certainty: 'proven',
      summary: found
        .map(
          ({ name, interpreter, takes }) => `${name} gives programs for ${listed(takes)} to ${interpreter}`,
        )
        .join('; '),
      evidence: found.flatMap(({ name, hides }) => [
        `the magic and mask of ${name} leave out e_machine, bytes 18 and 19 of a program`,
        ...(hides.length === 0
          ? []
          : [`whether this machine runs ${hides.join(', ')} by itself cannot be seen through it`]),
      ]),
      remedies: [disable(first), ...others.map(disable)],
      // A message names the one whose emulator it got.
      architectures: [
        ...new Set(found.flatMap(({ takes, interpreter }) => [...takes, ...emulatedBy(interpreter)])),
      ],
    };
  },
});

/** QEMU's name in that of the file. */
function emulatedBy(interpreter: string): string[] {
  const [, target = ''] = /\/qemu-([a-z0-9_]+?)(?:-static)?$/.exec(interpreter) ?? [];
  return target === '' ? [] : [target];
}
