import { printableLines } from '../../core/printable.ts';
import type { Left, Removed, UninstallReport } from '../../uninstall/index.ts';
import type { Outcome } from '../command.ts';
import { packageRemoval } from '../package-removal.ts';
import { formatColumns, painted, type Cell } from '../table.ts';
import type { Style } from '../style.ts';

const exitCodes: Readonly<Record<UninstallReport['outcome'], number>> = { ok: 0, failed: 1, partial: 3 };

/** @param style of the text */
export function uninstallOutcome(report: UninstallReport, style: Style): Outcome {
  return {
    exitCode: exitCodes[report.outcome],
    document: { schema: 'anyarch/uninstall/1', ...report, package: packageRemoval() },
    text: formatReport(report, style),
  };
}

function formatReport(report: UninstallReport, style: Style): string {
  const { dryRun, removed, left, users } = report;
  // An emptied directory is told by what was in it.
  const shown = removed.filter(({ kind }) => kind !== 'directory');
  const rows = [
    ...shown.map((one) => removedRow(one, dryRun, style)),
    ...left.map((one) => leftRow(one, style)),
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

function removedRow({ kind, subject, note = '' }: Removed, dryRun: boolean, style: Style): Cell[] {
  const mark = dryRun ? painted(style.yellow, 'would remove') : painted(style.green, 'removed');
  return [mark, kind, kind === 'tree' ? `${subject}/` : subject, note];
}

function leftRow({ subject, reason, error }: Left, style: Style): Cell[] {
  return error === undefined
    ? [painted(style.dim, 'left'), '', subject, reason]
    : [painted(style.red, 'failed'), '', subject, `${reason} [${error.code}]`];
}

function packageText(): string {
  return `anyarch itself is still there; next: ${packageRemoval()}; of the image: docker image rm anyarch, or podman image rm anyarch\n`;
}
