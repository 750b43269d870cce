import type {
  AcceleratedEngine,
  AcceleratedEngineStatus,
  AccelerateReport,
  AccelerateStatus,
  TreeStatus,
} from '../../accelerate/index.ts';
import { lookUpArchitecture } from '../../core/architecture.ts';
import { printable } from '../../core/printable.ts';
import type { Outcome } from '../command.ts';
import type { Paint, Style } from '../style.ts';
import { formatColumns, painted, type Cell } from '../table.ts';

const exitCodes = { ok: 0, failed: 1, partial: 3 } as const;

export function accelerateOutcome(
  action: 'enable' | 'disable',
  report: AccelerateReport,
  style: Style,
): Outcome {
  return {
    exitCode: exitCodes[report.outcome],
    document: { schema: 'anyarch/accelerate/1', action, ...report },
    text: formatReport(action, report, style),
  };
}

export function accelerateStatusOutcome(report: AccelerateStatus, style: Style): Outcome {
  return {
    exitCode: exitCodes[report.outcome],
    document: { schema: 'anyarch/accelerate/1', action: 'status', ...report },
    text: formatStatus(report, style),
  };
}

function formatReport(action: 'enable' | 'disable', report: AccelerateReport, style: Style): string {
  const { engines, dryRun, tree } = report;
  const rows = engines.map((one): Cell[] => [
    painted(paintOf(one, dryRun, style), dryRun && one.outcome !== 'failed' ? 'would' : one.outcome),
    one.engine,
    one.version ?? '',
    describe(one),
  ]);
  const lines = [
    ...engines.flatMap(({ files }) =>
      files
        .filter(({ kind }) => kind !== 'keep')
        .map(
          ({ kind, path, saved }) => `  ${kind} ${path}${saved === undefined ? '' : `, keeping ${saved}`}`,
        ),
    ),
    ...engines.flatMap(({ engine, error }) =>
      error?.hint === undefined ? [] : [`next, for ${engine}: ${error.hint}`],
    ),
    ...engines.flatMap(({ engine, warnings }) => warnings.map((one) => `warning: ${engine}: ${one}`)),
    ...engines.flatMap(({ notes }) => notes),
    ...(action === 'enable' && tree.recipes === 0
      ? [`there are no native tools in ${tree.path} yet; next: anyarch accelerate prepare`]
      : []),
    ...(engines.length === 0 ? ['nothing is enabled'] : []),
  ];
  return text(rows, lines);
}

function paintOf({ outcome }: AcceleratedEngine, dryRun: boolean, style: Style): Paint {
  if (outcome === 'failed') return style.red;
  if (dryRun || outcome === 'waiting') return style.yellow;
  return outcome === 'absent' ? style.dim : style.green;
}

function describe({ outcome, error, path }: AcceleratedEngine): string {
  if (error !== undefined) return `${error.message} [${error.code}]`;
  return outcome === 'absent' ? 'it was not enabled' : (path ?? '');
}

function formatStatus(report: AccelerateStatus, style: Style): string {
  const { tree, engines, emulators, warnings } = report;
  const rows: Cell[][] = [
    [painted(tree.recipes > 0 ? style.green : style.dim, 'tree'), '', '', describeTree(tree)],
    ...engines.map((one): Cell[] => [
      painted(statusPaint(one, style), statusWord(one)),
      one.engine,
      one.version ?? '',
      statusText(one),
    ]),
    ...emulators.map(({ architecture, interpreter, interposed }): Cell[] => [
      painted(interposed ? style.green : style.yellow, interposed ? 'interposed' : 'plain'),
      lookUpArchitecture(architecture)?.debian[0] ?? architecture,
      '',
      interpreter,
    ]),
  ];
  const lines = [
    ...engines.flatMap(({ engine, warnings: own }) => own.map((one) => `warning: ${engine}: ${one}`)),
    ...warnings.map((one) => `warning: ${one}`),
    ...(engines.some(({ enabled }) => enabled)
      ? []
      : ['no engine is enabled; next: anyarch accelerate enable']),
  ];
  return text(rows, lines);
}

function describeTree({ path, sets, recipes, bytes }: TreeStatus): string {
  if (recipes === 0) return `${path}: nothing is prepared`;
  return `${path}: ${sets} ${sets === 1 ? 'set' : 'sets'}, ${recipes} programs, ${(bytes / 1_000_000).toFixed(0)} MB`;
}

function statusWord({ found, enabled }: AcceleratedEngineStatus): string {
  return enabled ? 'enabled' : found ? 'found' : 'absent';
}

function statusPaint({ enabled, warnings }: AcceleratedEngineStatus, style: Style): Paint {
  if (!enabled) return style.dim;
  return warnings.length > 0 ? style.yellow : style.green;
}

function statusText({ reason, enabled, live }: AcceleratedEngineStatus): string {
  if (reason !== undefined) return reason;
  if (!enabled) return 'not enabled';
  switch (live?.state) {
    case undefined:
      return 'every container that it starts';
    case 'accelerated':
      return `its daemons start containers with it (process ${live.processes.join(', ')})`;
    case 'restart':
      return 'its daemons were started without it';
    case 'not-running':
      return 'its daemon does not run now; it has it from its next start on';
  }
}

function text(rows: readonly (readonly Cell[])[], lines: readonly string[]): string {
  return `${rows.length === 0 ? '' : formatColumns(rows)}${lines.map((line) => `${printable(line)}\n`).join('')}`;
}
