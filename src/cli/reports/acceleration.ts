import type { AccelerationReport, ProgramReport } from '../../accelerate/index.ts';
import type { Style } from '../style.ts';
import { formatColumns, headRow, painted, type Cell } from '../table.ts';

type Fallback = ProgramReport['reasons'][number];

/** Programs and reasons that are shown; the document has all. */
const shownAtMost = { programs: 30, reasons: 3, candidates: 8 } as const;

export function formatAcceleration(report: AccelerationReport, style: Style): string {
  const { substituted, emulated, startedAt, endedAt, programs } = report;
  const period = `from ${timeOf(startedAt)} to ${timeOf(endedAt)} (UTC)`;
  const head = `${substituted + emulated} starts of foreign programs ${period}: ${substituted} ran natively, ${emulated} were emulated\n`;
  return [
    head,
    gainLine(report),
    ...(programs.length === 0 ? [] : ['\n', programTable(programs, style)]),
    ...candidateLines(report),
    ...lossLines(report),
  ].join('');
}

function gainLine({ substituted, gain }: AccelerationReport): string {
  if (substituted === 0) return '';
  const { lowerBoundMs, measuredStarts, unmeasuredStarts } = gain;
  if (measuredStarts === 0) return 'the time won is not known: no start-up of these tools was measured\n';
  const rest = unmeasuredStarts === 0 ? '' : `, ${unmeasuredStarts} further starts not measured`;
  return `won at least ${(lowerBoundMs / 1000).toFixed(1)} s: the start-up of ${measuredStarts} programs alone, without what they did then${rest}\n`;
}

function programTable(programs: readonly ProgramReport[], style: Style): string {
  const rows = programs
    .slice(0, shownAtMost.programs)
    .map(({ path, substituted, emulated, reasons }): Cell[] => [
      path,
      substituted === 0 ? '0' : painted(style.green, String(substituted)),
      String(emulated),
      reasonsText(reasons),
    ]);
  const more = programs.length - rows.length;
  return (
    formatColumns([headRow(style.bold, ['PROGRAM', 'NATIVE', 'EMULATED', 'WHY']), ...rows]) +
    (more > 0 ? `and ${more} further programs (--json has all)\n` : '')
  );
}

function reasonsText(reasons: readonly Fallback[]): string {
  const shown = reasons.slice(0, shownAtMost.reasons).map(reasonText);
  return [...shown, ...(reasons.length > shown.length ? ['…'] : [])].join(', ');
}

function reasonText({ reason, detail, times }: Fallback, _: number, all: readonly Fallback[]): string {
  const what = `${meanings[reason]}${detail === '' ? '' : ` ${detail}`}`;
  return all.length === 1 ? what : `${what} (${times})`;
}

/** By what the interposer says (docs/acceleration.md). */
const meanings: Readonly<Record<Fallback['reason'], string>> = {
  unknown: 'no recipe',
  size: 'another size',
  content: 'other content',
  library: 'another library',
  argument: 'argument',
  variable: 'variable',
  locale: 'locale',
  path: 'there is',
  preload: 'preloaded by',
  secure: 'privileged program',
  off: 'turned off',
  writable: 'the tool tree is not mounted read-only',
  recipe: 'damaged recipe',
  exec: 'the native program could not be executed',
  tree: 'changed in the tool tree:',
  script: 'script has',
};

function candidateLines({ candidates }: AccelerationReport): string[] {
  const next = candidates.filter(({ denied }) => denied === undefined);
  const never = candidates.filter(({ denied }) => denied !== undefined);
  return [
    ...candidateTable('without a recipe, so what could be accelerated next:', next),
    ...candidateTable('never native, since a native build does not behave the same:', never),
  ];
}

function candidateTable(head: string, candidates: AccelerationReport['candidates']): string[] {
  if (candidates.length === 0) return [];
  const rows = candidates
    .slice(0, shownAtMost.candidates)
    .map(({ path, times, denied }) => [
      '',
      path,
      `${times} times`,
      ...(denied === undefined ? [] : [denied]),
    ]);
  return [`\n${head}\n`, formatColumns(rows)];
}

function lossLines({ losses }: AccelerationReport): string[] {
  const { overflows, garbageLines, unnamedStarts } = losses;
  return [
    ...(overflows > 0
      ? [
          `\nso many starts at once that some may be missing here (${overflows} came when the queue was full, or nearly so)\n`,
        ]
      : []),
    ...(garbageLines > 0
      ? [
          `${garbageLines} times something was told that no interposer tells: some program in a container did\n`,
        ]
      : []),
    ...(unnamedStarts > 0 ? [`${unnamedStarts} starts of too many different programs are not listed\n`] : []),
  ];
}

function timeOf(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}
