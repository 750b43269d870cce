import { lookUpArchitecture } from '../../core/architecture.ts';
import { printable } from '../../core/printable.ts';
import type { ArchitectureResult, RegistrationReport } from '../../registration/index.ts';
import type { Outcome } from '../command.ts';
import { formatColumns, painted, type Cell } from '../table.ts';
import type { Style } from '../style.ts';

/** No name means all of them; a comma separates as a space does, as in `--install arm64,riscv64` of others. */
export function wantedArchitectures(words: readonly string[]): readonly string[] | 'all' {
  const names = commaSeparated(words);
  return names.length === 0 || names.includes('all') ? 'all' : names;
}

export function commaSeparated(words: readonly string[]): string[] {
  return words.flatMap((word) => word.split(',')).filter((name) => name !== '');
}

/**
 * @param style of the text
 * @param notes what else there is to say, a line each
 * @param further what else the document says
 */
export function reportOutcome(
  command: string,
  report: RegistrationReport,
  style: Style,
  notes: readonly string[] = [],
  further: Readonly<Record<string, unknown>> = {},
): Outcome {
  return {
    exitCode: exitCodes[report.outcome],
    document: {
      schema: `anyarch/${command}/1`,
      ...report,
      ...further,
      ...(notes.length === 0 ? {} : { notes }),
    },
    text: [formatReport(report, style), ...notes.map((note) => `${printable(note)}\n`)].join(''),
  };
}

const exitCodes: Readonly<Record<RegistrationReport['outcome'], number>> = { ok: 0, failed: 1, partial: 3 };

function formatReport(report: RegistrationReport, style: Style): string {
  const shown = report.results.filter((result) => result.action !== 'skip');
  const skipped = report.results.length - shown.length;
  const rows = shown.map((result) => [
    mark(result, report, style),
    shortName(result),
    describe(result, report),
  ]);
  const details = report.dryRun ? shown.flatMap(planLines) : [];
  const notes = shown.flatMap((result) => [
    ...(result.error?.hint === undefined ? [] : [`  next, for ${shortName(result)}: ${result.error.hint}`]),
    ...adoptionNotes(result, report),
    ...result.shadows.map(
      (name) => `  ${result.name ?? ''} now takes the programs of ${name}, which stays as it is`,
    ),
  ]);
  const left =
    skipped === 0
      ? []
      : [style.dim(`${skipped} architectures left out (native, or without an emulator); --json names them`)];
  if (rows.length === 0) left.unshift('nothing to do');
  return (
    [formatColumns(rows).trimEnd(), ...[...details, ...notes].map(printable), ...left]
      .filter((line) => line !== '')
      .join('\n') + '\n'
  );
}

function adoptionNotes(
  { action, name, adopted, error }: ArchitectureResult,
  { dryRun }: RegistrationReport,
): string[] {
  if (adopted === undefined || error !== undefined || dryRun || action === 'keep' || action === 'release')
    return [];
  const way = adopted.isRestorable ? `to give it back: anyarch release ${adopted.name}` : 'for good';
  return [`  ${name ?? ''} has the place of ${adopted.owner}'s; ${way}`];
}

function mark(result: ArchitectureResult, report: RegistrationReport, style: Style): Cell {
  if (result.error !== undefined) return painted(style.red, 'failed');
  if (report.dryRun) return painted(style.yellow, 'would');
  if (result.action === 'remove')
    return result.proven === true ? painted(style.green, 'gone') : painted(style.dim, 'removed');
  return result.proven === true
    ? painted(style.green, 'proven')
    : painted(style.dim, result.action === 'absent' ? 'absent' : 'done');
}

function describe(result: ArchitectureResult, report: RegistrationReport): string {
  if (result.error !== undefined) return `${result.error.message} [${result.error.code}]`;
  const emulator =
    result.emulator === undefined
      ? ''
      : ` QEMU ${result.emulator.version}${result.emulator.interposed === undefined ? '' : ' with the interposer'} ${result.emulator.path}`;
  const verb = report.dryRun ? result.action : (pastTense[result.action] ?? result.action);
  const inForce = result.inForce === undefined ? '' : `; ${result.inForce} takes its programs`;
  return `${verb}${result.name === undefined ? '' : ` ${result.name}`}${emulator} (${result.reason})${inForce}`;
}

const pastTense: Readonly<Partial<Record<ArchitectureResult['action'], string>>> = {
  add: 'registered',
  keep: 'kept',
  replace: 'replaced',
  remove: 'removed',
  release: 'gave back',
};

function planLines(result: ArchitectureResult): string[] {
  return result.steps.map((step) =>
    `    ${step.kind} ${step.name ?? ''}${step.rule === undefined ? '' : ` ${step.rule}`}`.trimEnd(),
  );
}

function shortName(result: ArchitectureResult): string {
  const architecture =
    result.architecture === undefined ? undefined : lookUpArchitecture(result.architecture);
  return architecture?.platforms[0]?.replace(/^linux\//, '') ?? result.architecture ?? result.name ?? '';
}
