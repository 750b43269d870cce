import { lookUpArchitecture } from '../../../core/architecture.ts';
import { toHex } from '../../../core/hex.ts';
import { compareMagic } from '../../../core/match.ts';
import { hexByte } from '../../../core/hex.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { defineCheck } from '../../check.ts';
import type { Coverage, KnownEntry } from '../../facts/coverage.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { fileExplanation } from '../../facts/explanation.ts';
import type { Examination } from '../../examination.ts';
import { tableStatus } from '../../facts/status.ts';
import { isAsked } from '../../facts/asked.ts';
import { fails, lookedAt, proofLine } from './failing.ts';
import { unusableTable } from './unusable-table.ts';

export const entryWrongPattern = defineCheck({
  id: 'entry-wrong-pattern',
  question: 'Do magic and mask of each entry take all programs of its architecture?',
  severity: 'error',
  explanation:
    'An entry that was written by hand, or by a shell that changed its escapes, can be there, enabled, and match nothing; or, without a mask, match programs of one kind only: not the position-independent ones, or not glibc\'s static ones, which carry another OS ABI. The others end with "exec format error".',
  remedy: 'anyarch register ARCH, whose rule takes them all',
  symptoms: ['exec-format-error', 'run-as-script'],
  references: ['https://gitlab.com/qemu-project/qemu/-/blob/master/scripts/qemu-binfmt-conf.sh'],
  examine: (examination) => {
    const unusable = unusableTable(examination);
    if (unusable !== undefined) return { status: 'skipped', reason: unusable };
    const found = lookedAt(examination).filter(isLeftOut);
    if (found.length === 0) return { status: 'ok', evidence: ['each entry takes what it is for'] };
    const names = found.map(({ architecture }) => architecture);
    const { path } = tableStatus(examination).table;
    const isTheOne = found.some((one) => isOfFile(examination, one));
    return {
      status: 'fault',
      severity: isTheOne ? 'error' : 'warning',
      certainty: isTheOne ? 'proven' : isAsked(examination) ? 'likely' : 'possible',
      summary: `${found.flatMap(({ misfits }) => misfits.map(({ entry }) => entry.name)).join(', ')}: ${found.some(({ winner }) => winner === undefined) ? 'does not match the programs it is for' : 'matches only some of the programs it is for'}`,
      evidence: found.flatMap((one) => [
        ...one.misfits.flatMap((misfit) => patternLines(path, one.architecture, misfit)),
        proofLine(one),
      ]),
      remedies: registerRemedies(examination, names),
      architectures: names,
    };
  },
});

/** No entry takes even the plainest program, or the one that does leaves others out, which nothing older takes either. */
function isLeftOut({ winner, shadowed, misfits }: Coverage): boolean {
  if (misfits.length === 0) return false;
  return winner === undefined || (misfits.includes(winner) && shadowed.every((one) => misfits.includes(one)));
}

/** The file that was asked about is not taken; or, without a file, a probe of the architecture of the message is not. */
function isOfFile(examination: Examination, one: Coverage): boolean {
  if (!foreignConcerned(examination).includes(one.architecture)) return false;
  const [level] = fileExplanation(examination)?.levels ?? [];
  return level === undefined ? fails(one) : level.winner === undefined;
}

function patternLines(path: string, architecture: string, { entry }: KnownEntry): string[] {
  const wanted = lookUpArchitecture(architecture);
  const differing =
    wanted === undefined ? undefined : compareMagic(wanted.magic, entry).find(({ equal }) => !equal);
  return [
    `${path}/${entry.name}: magic ${toHex(entry.magic)}, mask ${entry.mask === undefined ? 'none' : toHex(entry.mask)}`,
    differing === undefined
      ? `QEMU's rule for ${architecture} has the mask ${toHex(wanted?.mask ?? new Uint8Array())}, which takes more`
      : `byte ${differing.position} of a program for ${architecture} is ${hexByte(differing.found)}, and the entry wants ${hexByte(differing.expected)}`,
  ];
}
