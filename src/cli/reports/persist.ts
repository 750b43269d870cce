import { lookUpArchitecture } from '../../core/architecture.ts';
import { printable, printableLines } from '../../core/printable.ts';
import type {
  ArchitectureStatus,
  PersistReport,
  PersistStatus,
  ReportedFile,
} from '../../persistence/index.ts';
import { systemDirectory } from '../../host/system-directory.ts';
import type { Outcome } from '../command.ts';
import { formatColumns, headRow, painted, type Cell } from '../table.ts';
import type { Style } from '../style.ts';

const exitCodes = { ok: 0, failed: 1, partial: 3 } as const;

/** @param further what else the document says */
export function persistOutcome(
  action: 'enable' | 'disable',
  report: PersistReport,
  style: Style,
  further: Readonly<Record<string, unknown>> = {},
): Outcome {
  return {
    exitCode: exitCodes[report.outcome],
    document: { schema: 'anyarch/persist/1', action, ...report, ...further },
    text: formatReport(action, report, style),
  };
}

export function persistStatusOutcome(report: PersistStatus, style: Style): Outcome {
  return {
    exitCode: exitCodes[report.outcome],
    document: { schema: 'anyarch/persist/1', action: 'status', ...report },
    text: formatStatus(report, style),
  };
}

function formatReport(action: 'enable' | 'disable', report: PersistReport, style: Style): string {
  const rows = report.architectures.map((one): Cell[] => {
    const emulator = one.emulator === undefined ? '' : `QEMU ${one.emulator.version} ${one.emulator.path}`;
    const { error } = one;
    if (error !== undefined)
      return [
        painted(one.outcome === 'failed' ? style.red : style.yellow, one.outcome),
        shortName(one.architecture),
        `${error.message} [${error.code}]`,
      ];
    const paint = report.dryRun ? style.yellow : one.outcome === 'absent' ? style.dim : style.green;
    return [
      painted(paint, report.dryRun ? 'would' : one.outcome),
      shortName(one.architecture),
      `${report.dryRun ? `be ${one.outcome} ` : ''}${one.name ?? ''} ${emulator}`.trim(),
    ];
  });
  const files = summarized(report.files).flatMap(({ kind, path, reason, saved, error }) => [
    `  ${kind} ${path}${saved === undefined ? '' : `, keeping ${saved}`}${error === undefined ? '' : ` (${reason})`}`,
    ...(error === undefined ? [] : [`    ${error.message} [${error.code}]`, `    next: ${error.hint ?? ''}`]),
  ]);
  const hints = report.architectures.flatMap(({ architecture, error }) =>
    error?.hint === undefined ? [] : [`  next, for ${shortName(architecture)}: ${error.hint}`],
  );
  const isAtBoot = report.architectures.some(({ outcome }) => outcome === 'enabled' || outcome === 'kept');
  const by = action === 'enable' && isAtBoot ? [atBoot(report)] : [];
  const lines = [
    formatColumns(rows).trimEnd(),
    ...[...files, ...hints].map(printable),
    ...by,
    ...report.notes.map(printable),
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

/** Those below anyarch's own directory are many, and tell nothing by themselves. */
function summarized(files: PersistReport['files']): PersistReport['files'] {
  const changed = files.filter(({ kind }) => kind !== 'keep');
  const isOwn = ({ path, error, saved }: ReportedFile) =>
    path.startsWith(`${systemDirectory}/`) && error === undefined && saved === undefined;
  const own = changed.filter(isOwn);
  const summaries = [...new Set(own.map(({ kind }) => kind))].map((kind): ReportedFile => {
    const count = own.filter((file) => file.kind === kind).length;
    const path = `${systemDirectory} (${count} ${count === 1 ? 'file' : 'files'})`;
    return { kind, path, reason: '', saved: undefined, error: undefined };
  });
  return [...summaries, ...changed.filter((file) => !isOwn(file))];
}

function atBoot({ init, dryRun }: PersistReport): string {
  return `registered at boot by ${starters[init ?? 'systemd']}${dryRun ? ', were this no dry run' : ''}; see: anyarch persist status`;
}

const starters = {
  systemd: 'systemd',
  debian: 'binfmt-support',
  openrc: 'OpenRC',
  runit: 'runit',
} as const;

function formatStatus(report: PersistStatus, style: Style): string {
  if (report.init === undefined)
    return 'Nothing is registered at boot by anyarch. Next: sudo anyarch persist enable\n';
  const header = headRow(style.bold, ['ARCH', 'AFTER A BOOT', 'ENTRY', 'QEMU', 'COPY', 'SHA-256']);
  const rows = report.architectures.map((one): Cell[] => [
    shortName(one.architecture),
    one.survives ? painted(style.green, 'in force') : painted(style.red, 'not in force'),
    one.name,
    one.emulator.version,
    one.copy,
    one.emulator.sha256.slice(0, 12),
  ]);
  const changed = report.files.filter(({ state }) => state !== 'same').length;
  const notes = [
    ...report.architectures.flatMap(noteOf),
    ...report.problems.map(
      ({ code, message, hint }) => `${style.yellow('problem')} ${message} [${code}]\n  next: ${hint ?? ''}`,
    ),
  ];
  return [
    `${style.bold('boot')}   ${starters[report.init]}, since ${report.at ?? ''} (${report.by ?? ''})`,
    `${style.bold('files')}  ${report.files.length}${changed === 0 ? ', all as they were written' : `, ${changed} changed or missing`}`,
    '',
    formatColumns([header, ...rows]) + printableLines(notes.map((note) => `${note}\n`).join('')),
  ].join('\n');
}

function noteOf({ architecture, error, newer }: ArchitectureStatus): string[] {
  const arch = shortName(architecture);
  return [
    ...(error === undefined
      ? []
      : [`${arch}: ${error.message} [${error.code}]\n  next: ${error.hint ?? ''}`]),
    ...(newer === undefined
      ? []
      : [
          `${arch}: this machine has QEMU ${newer}, a boot registers an older one; next: anyarch persist enable ${arch}`,
        ]),
  ];
}

function shortName(name: string): string {
  return lookUpArchitecture(name)?.platforms[0]?.replace(/^linux\//, '') ?? name;
}
