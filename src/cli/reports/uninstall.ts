import { printableLines } from '../../core/printable.ts';
import type { Left, Removed, UninstallReport } from '../../uninstall/index.ts';
import type { Outcome } from '../command.ts';
import { packageRemoval } from '../package-removal.ts';
import { megabytes } from '../progress.ts';
import { formatColumns, painted, type Cell } from '../table.ts';
import type { Style } from '../style.ts';

const exitCodes: Readonly<Record<UninstallReport['outcome'], number>> = { ok: 0, failed: 1, partial: 3 };

interface TextOptions {
  readonly style: Style;
  /** Every file, instead of how many there are in a directory of anyarch's own. */
  readonly verbose: boolean;
}

export function uninstallOutcome(report: UninstallReport, options: TextOptions): Outcome {
  return {
    exitCode: exitCodes[report.outcome],
    document: { schema: 'anyarch/uninstall/1', ...report, package: packageRemoval() },
    text: formatReport(report, options),
  };
}

function formatReport(report: UninstallReport, { style, verbose }: TextOptions): string {
  const { dryRun, removed, left, users } = report;
  // An emptied directory is told by what was in it.
  const files = removed.filter(({ kind }) => kind !== 'directory');
  const rows = [
    ...byPlace(files, verbose).map((group) => removedRow(group, dryRun, style)),
    ...byReason(left, verbose).flatMap((group) => leftRows(group, style)),
    ...users.map(({ pid, uses }): Cell[] => [
      painted(style.yellow, 'in use'),
      'process',
      `${pid}`,
      dryRun ? `${uses}; end it first, or --force` : uses,
    ]),
  ];
  const hints = new Set(
    left.flatMap(({ subject, error }) =>
      error?.hint === undefined ? [] : [`  next, for ${subject}: ${error.hint}\n`],
    ),
  );
  const nothing = removed.length === 0 && left.length === 0 ? 'nothing of anyarch is left here\n' : '';
  const last = report.outcome === 'ok' && !dryRun ? packageText() : '';
  return formatColumns(rows) + printableLines(nothing + [...hints].join('') + last);
}

/** What is told by its directory, where there is more than one of it; everything else one by one, in its order. */
function byPlace(all: readonly Removed[], verbose: boolean): readonly (readonly Removed[])[] {
  return grouped(all, (one) => (verbose ? one : (one.place ?? one)));
}

/** Much that stays in one place for one reason, such as all that somebody has in his home directory. */
function byReason(all: readonly Left[], verbose: boolean): readonly (readonly Left[])[] {
  return grouped(all, (one) =>
    verbose || one.place === undefined ? one : JSON.stringify([one.place, one.reason]),
  );
}

function grouped<One>(all: readonly One[], keyOf: (one: One) => unknown): readonly (readonly One[])[] {
  const groups = new Map<unknown, One[]>();
  for (const one of all) {
    const key = keyOf(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** More than that of what stays is counted only. */
const namedAtMost = 10;

/** `3,301 files, 540 MB` */
function countOf(group: readonly Removed[]): string {
  const bytes = group.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
  if (bytes === 0) return plural(group.length);
  return `${plural(group.length)}, ${bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${megabytes(bytes)} MB`}`;
}

function plural(count: number): string {
  return `${count.toLocaleString('en')} files`;
}

function removedRow(group: readonly Removed[], dryRun: boolean, style: Style): Cell[] {
  const mark = dryRun ? painted(style.yellow, 'would remove') : painted(style.green, 'removed');
  const [first] = group;
  if (first === undefined) return [];
  const { kind, subject, note = '', place = '' } = first;
  if (group.length > 1) return [mark, '', place, countOf(group)];
  return [mark, kind, kind === 'tree' ? `${subject}/` : subject, note];
}

function leftRows(group: readonly Left[], style: Style): Cell[][] {
  const [first] = group;
  if (first !== undefined && group.length > namedAtMost)
    return [[painted(style.dim, 'left'), '', first.place ?? '', `${plural(group.length)}: ${first.reason}`]];
  return group.map((one) =>
    one.error === undefined
      ? [painted(style.dim, 'left'), '', one.subject, one.reason]
      : [painted(style.red, 'failed'), '', one.subject, `${one.reason} [${one.error.code}]`],
  );
}

function packageText(): string {
  return `anyarch itself is still there; next: ${packageRemoval()}; of the image: docker image rm anyarch, or podman image rm anyarch\n`;
}
