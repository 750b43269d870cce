import { lookUpArchitecture } from '../../core/architecture.ts';
import { printable } from '../../core/printable.ts';
import type {
  ReportedArchitecture,
  ReportedEngine,
  ReportedEngineStatus,
  RootlessReport,
  RootlessStatus,
} from '../../rootless/index.ts';
import type { Outcome } from '../command.ts';
import type { Paint, Style } from '../style.ts';
import { formatColumns, painted, type Cell } from '../table.ts';

const exitCodes = { ok: 0, failed: 1, partial: 3 } as const;

export function rootlessOutcome(action: 'enable' | 'disable', report: RootlessReport, style: Style): Outcome {
  return {
    exitCode: exitCodes[report.outcome],
    document: { schema: 'anyarch/rootless/1', action, ...report },
    text: formatReport(action, report, style),
  };
}

export function rootlessStatusOutcome(report: RootlessStatus, style: Style): Outcome {
  return {
    exitCode: exitCodes[report.outcome],
    document: { schema: 'anyarch/rootless/1', action: 'status', ...report },
    text: formatStatus(report, style),
  };
}

function formatReport(action: 'enable' | 'disable', report: RootlessReport, style: Style): string {
  const { engines, architectures, dryRun } = report;
  const rows = engines.map((one): Cell[] => [
    painted(paintOf(one, dryRun, style), dryRun && one.outcome !== 'failed' ? 'would' : one.outcome),
    one.engine,
    one.version ?? '',
    describe(one),
  ]);
  const changed = architectures.filter(({ change }) => change !== 'same');
  const lines = [
    ...engines.flatMap(fileLines),
    ...engines.flatMap(({ engine, ensured }) =>
      (ensured?.architectures ?? []).flatMap(({ architecture, outcome, error }) =>
        outcome === 'failed'
          ? [`failed in ${engine}: ${shortName(architecture)}: ${error?.message ?? 'its probe does not run'}`]
          : [],
      ),
    ),
    ...engines.flatMap(({ engine, error }) =>
      error?.hint === undefined ? [] : [`next, for ${engine}: ${error.hint}`],
    ),
    ...(action === 'enable' ? changed.map(changeLine) : []),
    ...engines.flatMap(({ engine, warnings = [] }) => warnings.map((one) => `warning: ${engine}: ${one}`)),
    ...engines.flatMap(({ notes }) => notes),
    ...report.notes,
    ...(engines.length === 0 ? ['nothing is enabled'] : []),
    ...(engines.some(({ outcome }) => outcome === 'unneeded') ? ['nothing was written'] : []),
  ];
  return `${formatColumns(rows)}${lines.map((line) => `${printable(line)}\n`).join('')}`;
}

function paintOf({ outcome }: ReportedEngine, dryRun: boolean, style: Style): Paint {
  if (outcome === 'failed') return style.red;
  if (dryRun) return style.yellow;
  return outcome === 'absent' || outcome === 'unneeded' ? style.dim : style.green;
}

function describe({ outcome, error, ensured, removed, reason, now }: ReportedEngine): string {
  if (error !== undefined) return `${error.message} [${error.code}]`;
  if (ensured !== undefined) {
    const works = ensured.architectures.filter((one) => one.outcome !== 'failed');
    const names = works.map(({ architecture }) => shortName(architecture)).join(' ');
    return now === 'per-command' ? `${names} (each command makes its own table)` : names;
  }
  if (removed !== undefined && removed.length > 0) return `${removed.length} entries removed`;
  return reason ?? (outcome === 'absent' ? 'it was not enabled' : '');
}

function fileLines({ files }: ReportedEngine): string[] {
  return files
    .filter(({ kind }) => kind !== 'keep')
    .map(({ kind, path, error }) =>
      error === undefined ? `  ${kind} ${path}` : `  ${kind} ${path}: ${error.message} [${error.code}]`,
    );
}

function changeLine({ architecture, outcome, change, emulator }: ReportedArchitecture): string {
  const name = shortName(architecture);
  if (outcome === 'host') return `${name}: the host's table handles it`;
  if (outcome === 'removed') return `${name}: no longer`;
  return `${name}: ${change}, QEMU ${emulator?.version ?? ''} ${emulator?.path ?? ''}`;
}

function formatStatus(report: RootlessStatus, style: Style): string {
  const rows = report.engines.map((one): Cell[] => [
    painted(statusPaint(one, style), statusWord(one)),
    one.engine,
    one.version ?? '',
    statusText(one),
  ]);
  const lines = [
    ...report.engines.flatMap(({ engine, warnings }) => warnings.map((one) => `warning: ${engine}: ${one}`)),
    ...report.warnings.map((one) => `warning: ${one}`),
    ...(report.lastFailure === undefined
      ? []
      : report.lastFailure.errors.map(
          ({ message, code }) =>
            `warning: the hook failed at ${report.lastFailure?.at ?? ''}: ${message} [${code}]`,
        )),
    ...(report.engines.some(({ enabled }) => enabled)
      ? []
      : ['nothing is enabled; next: anyarch rootless enable']),
  ];
  return `${formatColumns(rows)}${lines.map((line) => `${printable(line)}\n`).join('')}`;
}

function statusWord({ found, enabled }: ReportedEngineStatus): string {
  return enabled ? 'enabled' : found ? 'found' : 'absent';
}

function statusPaint({ enabled, warnings }: ReportedEngineStatus, style: Style): Paint {
  if (!enabled) return style.dim;
  return warnings.length > 0 ? style.yellow : style.green;
}

function statusText({ engine, enabled, reason, table, architectures = [] }: ReportedEngineStatus): string {
  if (reason !== undefined) return reason;
  if (!enabled) return 'not enabled';
  const names = (works: boolean): string =>
    architectures
      .filter((one) => one.works === works)
      .map(({ architecture }) => shortName(architecture))
      .join(' ');
  const failing = names(false);
  const what = `${names(true)}${failing === '' ? '' : ` (fails: ${failing})`}`;
  if (table === undefined) return '';
  switch (table) {
    case 'not-running':
      return engine === 'docker'
        ? 'no daemon of it runs now; the next one makes the table when it starts'
        : 'nothing of it runs now; its next container makes the table';
    case 'not-made':
      return 'its next container makes the table';
    case 'per-command':
      return `${what} (each command makes its own table)`;
    case 'host':
      return `${what} (the host's table)`;
    case 'private':
      return what;
    case 'unknown':
      return 'it cannot be told what works';
  }
}

function shortName(architecture: string): string {
  return lookUpArchitecture(architecture)?.debian[0] ?? architecture;
}
