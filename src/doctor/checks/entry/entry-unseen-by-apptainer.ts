import { lookUpArchitecture } from '../../../core/architecture.ts';
import { formatFlags } from '../../../core/flags.ts';
import { toHex } from '../../../core/hex.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { defineCheck } from '../../check.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { coverages, type Coverage } from '../../facts/coverage.ts';
import { tableStatus } from '../../facts/status.ts';
import { unusableTable } from './unusable-table.ts';

export const entryUnseenByApptainer = defineCheck({
  id: 'entry-unseen-by-apptainer',
  question: 'Does apptainer recognise the entries?',
  severity: 'error',
  explanation:
    "Before it starts a SIF image of another architecture, apptainer reads /proc/sys/fs/binfmt_misc itself: it wants an entry that is enabled, has flag F and, to the letter, the 20 bytes of magic of QEMU's own rule. Other entries work and are not seen: \"the image's architecture (…) could not run on the host's\".",
  remedy:
    'anyarch register ARCH, whose rule apptainer recognises; a sandbox directory (apptainer build --sandbox DIR IMAGE) avoids the question',
  symptoms: ['wrong-platform', 'exec-format-error'],
  scopes: ['apptainer'],
  references: ['https://github.com/apptainer/apptainer/blob/main/internal/pkg/util/machine/machine.go'],
  examine: (examination) => {
    const { scope, message } = examination;
    if (scope !== 'apptainer' && !(message?.tool === 'apptainer' || message?.tool === 'singularity'))
      return { status: 'skipped', reason: 'it is not about apptainer' };
    const unusable = unusableTable(examination);
    if (unusable !== undefined) return { status: 'skipped', reason: unusable };
    const asked = foreignConcerned(examination);
    const found = [...coverages(examination).values()].filter(
      (one) =>
        one.winner !== undefined && (asked.length === 0 || asked.includes(one.architecture)) && !isSeen(one),
    );
    if (found.length === 0)
      return { status: 'ok', evidence: ['each entry in force is one that it recognises'] };
    const names = found.map(({ architecture }) => architecture);
    const { path } = tableStatus(examination).table;
    return {
      status: 'fault',
      severity: asked.length > 0 ? 'error' : 'warning',
      certainty: asked.length > 0 ? 'proven' : 'possible',
      summary: `apptainer does not take ${found.map(({ winner }) => winner?.entry.name ?? '').join(', ')} for an emulator of ${names.join(', ')}`,
      evidence: found.flatMap(({ winner, architecture }) =>
        winner === undefined
          ? []
          : [
              `${path}/${winner.entry.name}: flags ${formatFlags(winner.entry.flags)}, magic ${toHex(winner.entry.magic)}`,
              `wanted for ${architecture}: flag F, magic ${wantedMagic(architecture)}`,
            ],
      ),
      remedies: names.every(isOursSeen)
        ? registerRemedies(examination, names)
        : [
            {
              does: 'unpack the image into a directory, of which apptainer asks nothing: apptainer build --sandbox DIR IMAGE',
              by: 'user',
            },
          ],
      architectures: names,
    };
  },
});

function isSeen({ architecture, winner, shadowed }: Coverage): boolean {
  return [winner, ...shadowed].some(
    (one) => one?.entry.flags.fixBinary === true && toHex(one.entry.magic) === wantedMagic(architecture),
  );
}

/** QEMU's rules for 32-bit mips go on behind the 20 bytes, which apptainer does not understand. */
function isOursSeen(architecture: string): boolean {
  return lookUpArchitecture(architecture)?.magic.length === 20;
}

/** Of the first 20 bytes: where a rule of ours goes on behind them, apptainer recognises none. */
function wantedMagic(architecture: string): string {
  return toHex(lookUpArchitecture(architecture)?.magic.slice(0, 20) ?? new Uint8Array());
}
