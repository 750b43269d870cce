import { registerRemedies } from '../../remedies/register-remedies.ts';
import { writeToTable } from '../../remedies/write-to-table.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import type { Coverage, KnownEntry } from '../../facts/coverage.ts';
import { tableStatus } from '../../facts/status.ts';
import type { Symptom } from '../../symptom.ts';
import type { Remedy, Verdict } from '../../verdict.ts';
import { fails, judged, listed, lookedAt, proofLine } from './failing.ts';
import { unusableTable } from './unusable-table.ts';

export const entryShadowed = defineCheck({
  id: 'entry-shadowed',
  question: 'Does the entry in force come from whom it should?',
  severity: 'error',
  explanation:
    "Of two entries that take the same programs, the one that was registered last wins, without a word. Rosetta, FEX, box64, WSL, the distribution's own QEMU or an image such as tonistiigi/binfmt may have come later: then another emulator runs than people think, or one that is broken keeps a good one from running.",
  remedy: 'anyarch register ARCH, which goes in front and leaves the other where it is',
  symptoms: [
    'exec-format-error',
    'no-such-file',
    'permission-denied',
    'run-as-script',
    'too-many-links',
    'guest-crash',
    'slow',
  ],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const unusable = unusableTable(examination);
    if (unusable !== undefined) return { status: 'skipped', reason: unusable };
    const found = lookedAt(examination).filter(
      ({ winner, shadowed }) => winner !== undefined && shadowed.length > 0,
    );
    const broken = found.filter(fails);
    if (broken.length > 0) return brokenFault(examination, broken);
    const strangers = found.filter(
      ({ winner, shadowed, architecture }) =>
        winner?.status.architecture === architecture &&
        shadowed.some(({ status }) => status.owner.kind !== winner.status.owner.kind),
    );
    return strangers.length > 0
      ? strangerNote(examination, strangers)
      : { status: 'ok', evidence: ['no entry keeps one of another from taking programs'] };
  },
});

/** The newer one does not work, and without it an older one would be in force. */
function brokenFault(examination: Examination, found: readonly Coverage[]): Verdict {
  const names = found.map(({ architecture }) => architecture);
  const { path } = tableStatus(examination).table;
  const disabling = winnersOf(found).map(({ entry }): Remedy => ({
    does: `or switch ${entry.name} off, so that the older one is in force`,
    command: writeToTable('0', `${path}/${entry.name}`),
    by: 'user',
    needsRoot: true,
  }));
  return {
    status: 'fault',
    ...judged(examination, found),
    summary: found
      .map((one) => `${ofWhom(one.winner)} wins over ${ofWhom(one.shadowed[0])}, and does not work`)
      .join('; '),
    evidence: [...found.flatMap(orderLines), ...found.map(proofLine)],
    remedies: [...registerRemedies(examination, names), ...disabling],
    architectures: names,
    symptoms: symptomsOf(found),
  };
}

const symptomOfErrno: Readonly<Record<string, Symptom>> = {
  ENOEXEC: 'exec-format-error',
  ENOENT: 'no-such-file',
  EACCES: 'permission-denied',
  ELOOP: 'too-many-links',
};

/** What the winner's programs are refused with: that, and nothing else, is what people see. */
function symptomsOf(found: readonly Coverage[]): Symptom[] {
  const refused = found.flatMap(({ proof }) =>
    proof?.status === 'failed' && proof.outcome.kind === 'refused'
      ? (symptomOfErrno[proof.outcome.errno] ?? [])
      : [],
  );
  if (refused.includes('exec-format-error')) refused.push('run-as-script');
  return refused.length > 0
    ? [...new Set(refused)]
    : ['guest-crash', 'exec-format-error', 'loader-not-found'];
}

/** It works, with another emulator than the older entry's. */
function strangerNote(examination: Examination, found: readonly Coverage[]): Verdict {
  const names = found.map(({ architecture }) => architecture);
  return {
    status: 'fault',
    severity: 'note',
    certainty: 'possible',
    summary: `programs for ${listed(names)} are taken by the newer of several entries: ${listed(winnersOf(found).map(ofWhom))}`,
    evidence: found.flatMap(orderLines),
    remedies: [
      {
        does: 'nothing, where the newer one is the one that you want; else: anyarch register ARCH, which goes in front',
        by: 'user',
      },
    ],
    architectures: names,
    symptoms: ['guest-crash', 'slow', 'illegal-instruction'],
  };
}

function winnersOf(found: readonly Coverage[]): KnownEntry[] {
  return [...new Set(found.flatMap(({ winner }) => winner ?? []))];
}

function orderLines({ architecture, winner, shadowed }: Coverage): string[] {
  const line = (one: KnownEntry | undefined) => `${one?.entry.interpreter ?? ''} by ${ofWhom(one)}`;
  return [
    `${architecture}: ${line(winner)} is in force`,
    ...shadowed.map((one) => `${architecture}: ${line(one)} was registered earlier and takes nothing`),
  ];
}

function ofWhom(one: KnownEntry | undefined): string {
  return one === undefined ? '' : `${one.entry.name} (${one.status.owner.kind})`;
}
