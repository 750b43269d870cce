import { lookUpArchitecture } from '../../../core/architecture.ts';
import { commandName } from '../../remedies/register.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { coverages, type Coverage } from '../../facts/coverage.ts';
import { engineProbe } from '../../facts/engines/engine-probe.ts';
import { engines, namedEngine } from '../../facts/engines/engines.ts';
import { fileExplanation } from '../../facts/explanation.ts';
import { farEngine } from '../../facts/far-engine.ts';
import { imageArchitecture } from '../../facts/image/image-program.ts';
import { wantedPlatforms } from '../../facts/image/wanted-platforms.ts';
import { emptyOwnTable } from '../../facts/own-table.ts';
import { registeredElsewhere } from '../../facts/registered-elsewhere.ts';
import { tableStatus } from '../../facts/status.ts';
import type { Symptom } from '../../symptom.ts';
import type { Verdict } from '../../verdict.ts';
import { fails, listed, proofLine } from './failing.ts';
import { unusableTable } from './unusable-table.ts';

const symptoms: readonly Symptom[] = ['exec-format-error', 'run-as-script', 'runs-nothing'];

export const entryMissing = defineCheck({
  id: 'entry-missing',
  question: 'Is there an entry for each architecture that is wanted?',
  severity: 'error',
  explanation:
    'The kernel runs a foreign program by the entry that its first bytes match. Without one, execve fails with ENOEXEC: tools say "exec format error", some shells run the program as a script and complain about its syntax.',
  remedy: 'anyarch register ARCH; without root: anyarch run -a ARCH, anyarch rootless enable',
  symptoms,
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const unusable = unusableTable(examination);
    if (unusable !== undefined) return { status: 'skipped', reason: unusable };
    if (fileExplanation(examination)?.verdict.outcome === 'native')
      return { status: 'skipped', reason: 'the program is for this machine' };
    if (emptyOwnTable(examination) !== undefined)
      return { status: 'skipped', reason: 'an empty table hides the one that may have it' };
    if (isNativeImage(examination)) return { status: 'skipped', reason: 'the image is for this machine' };
    if (isOtherImage(examination))
      return {
        status: 'skipped',
        reason: 'the image that is here is not of the platform that was asked for',
      };
    const far = farEngine(examination);
    if (far !== undefined)
      return { status: 'skipped', reason: `the table that counts is where ${far.name} runs containers` };
    const asked = foreignConcerned(examination);
    if (asked.length === 0) return withoutArchitecture(examination);
    const missing = asked.flatMap((name) => {
      const one = coverages(examination).get(name);
      return one !== undefined && isMissing(one) ? [one] : [];
    });
    if (missing.length === 0)
      return { status: 'ok', evidence: [`entries take programs for ${asked.join(', ')}`] };
    const elsewhere = registeredElsewhere(examination);
    if (
      elsewhere.length > 0 &&
      missing.every(({ architecture }) => elsewhere.some((one) => one.architecture === architecture))
    )
      return { status: 'skipped', reason: 'it is registered in another table, which does not count here' };
    return missingFault(examination, missing);
  },
});

function isNativeImage(examination: Examination): boolean {
  const ofImage = imageArchitecture(examination);
  return ofImage !== undefined && tableStatus(examination).native.includes(ofImage);
}

function isOtherImage(examination: Examination): boolean {
  const ofImage = imageArchitecture(examination);
  const wanted = wantedPlatforms(examination).flatMap((one) => lookUpArchitecture(one)?.name ?? []);
  return ofImage !== undefined && wanted.length > 0 && !wanted.includes(ofImage);
}

/** Entries that are disabled, or do not match although they should, are other checks' matter. */
function isMissing({ winner, disabled, misfits, proof }: Coverage): boolean {
  return winner === undefined && disabled.length === 0 && misfits.length === 0 && proof?.status !== 'proven';
}

function missingFault(examination: Examination, missing: readonly Coverage[]): Verdict {
  const { table } = tableStatus(examination);
  const names = missing.map(({ architecture }) => architecture);
  return {
    status: 'fault',
    severity: isNamed(examination) || isAskedAbout(examination, symptoms) ? 'error' : 'note',
    certainty: missing.some(fails) && !mayHaveOwnTable(examination) ? 'proven' : 'likely',
    summary: `nothing is registered for ${names.map(commandName).join(', ')}`,
    evidence: [
      `${table.path} has no entry that takes programs for ${names.join(', ')}; it has ${entryList(examination)}`,
      ...missing.map(proofLine),
    ],
    remedies: registerRemedies(examination, names),
    architectures: names,
  };
}

/** Who is not root has engines in user namespaces, whose tables are their own. */
function mayHaveOwnTable({ host, scope, image }: Examination): boolean {
  return host.system.uid !== 0 && (scope !== undefined || image !== undefined);
}

/**
 * A program or an image that is not for this machine needs an entry, whatever was printed. Of what else a message says a missing entry is no
 * cause: QEMU that misses a file has been started.
 */
function isNamed({ file, image }: Examination): boolean {
  return file !== undefined || image !== undefined;
}

/** Neither file, image nor message tells what is wanted. */
function withoutArchitecture(examination: Examination): Verdict | Promise<Verdict> {
  const isOfEngine = namedEngine(examination) !== undefined || examination.image !== undefined;
  return isOfEngine ? withoutArchitectureInContainer(examination) : withoutArchitectureHere(examination);
}

async function withoutArchitectureInContainer(examination: Examination): Promise<Verdict> {
  const named = engines(examination).find(({ name }) => name === namedEngine(examination));
  if (named?.state === 'silent') return { status: 'skipped', reason: `${named.name} does not answer` };
  const probe = await engineProbe(examination);
  if (probe?.native.kind === 'refused' || probe?.native.kind === 'runs-nothing')
    return { status: 'skipped', reason: `${probe.engine.name} does not even run native programs` };
  return withoutArchitectureHere(examination);
}

function withoutArchitectureHere(examination: Examination): Verdict {
  const { table } = tableStatus(examination);
  const names = [...coverages(examination).values()]
    .filter((one) => !isMissing(one))
    .map(({ architecture }) => architecture);
  const speaks = examination.message?.symptoms.some(
    (one) => one === 'exec-format-error' || one === 'run-as-script',
  );
  if (names.length > 0 && speaks !== true)
    return { status: 'ok', evidence: [`${table.path} has entries for ${listed(names)}`] };
  const isLikely = names.length === 0 && isAskedAbout(examination, symptoms);
  return {
    status: 'fault',
    severity: names.length > 0 ? 'warning' : isLikely ? 'error' : 'note',
    certainty: isLikely ? 'likely' : 'possible',
    summary:
      names.length > 0
        ? 'the architecture of what failed is not known, and may be one that nothing is registered for'
        : 'nothing is registered for any foreign architecture',
    evidence: [`${table.path} has ${entryList(examination)}`],
    remedies: registerRemedies(examination, []),
  };
}

function entryList(examination: Examination): string {
  const { entries } = tableStatus(examination);
  return entries.length === 0 ? 'no entry at all' : listed(entries.map(({ name }) => name));
}
