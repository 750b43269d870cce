import { formatFlags } from '../../core/flags.ts';
import { printableLines } from '../../core/printable.ts';
import type { EntryStatus, StatusReport } from '../../registration/index.ts';
import type { OwnNamespace } from '../../table-in-force/index.ts';
import type { Outcome } from '../command.ts';
import { formatColumns, headRow, painted, type Cell } from '../table.ts';
import type { Style } from '../style.ts';

/**
 * @param style of the text
 * @param namespace that this process is in, when it is not the initial one
 */
export function statusOutcome(report: StatusReport, style: Style, namespace?: OwnNamespace): Outcome {
  const failed = report.entries.some((entry) => entry.proof?.status === 'failed');
  return {
    exitCode: failed ? 1 : 0,
    document: {
      schema: 'anyarch/status/1',
      ...report,
      ...(namespace === undefined ? {} : { namespace }),
    },
    text: (namespace === undefined ? '' : namespaceLine(namespace, style)) + formatStatus(report, style),
  };
}

function namespaceLine({ userNamespace, mountedTable }: OwnNamespace, style: Style): string {
  return `${style.bold('inside')}  user namespace ${userNamespace}, a private one: ${mountedTables[mountedTable]}\n`;
}

const mountedTables: Readonly<Record<OwnNamespace['mountedTable'], string>> = {
  own: 'the table is its own and ends with it',
  around: 'the table that is mounted here is that of a namespace around it, mostly the host',
  unknown: 'it may have a table of its own, or that of a namespace around it',
};

/** @param next what to type where there are no entries */
export function formatStatus(
  report: StatusReport,
  style: Style,
  next = 'sudo anyarch register, or anyarch run',
): string {
  const { table } = report;
  const lines = [
    `${style.bold('table')}   ${table.path} (${table.state}${table.state !== 'mounted' || table.enabled ? '' : ', switched off as a whole'}), Linux ${table.kernelRelease}${table.perNamespace ? '' : ', one table for all namespaces'}`,
    `${style.bold('native')}  ${report.native.join(', ')}`,
    ...report.problems.map(
      ({ message, hint }) =>
        `${style.yellow('warning')} ${printableLines(`${message}\n  next: ${hint ?? ''}`)}`,
    ),
    '',
  ];
  if (table.state !== 'mounted') return [...lines, stateMeanings[table.state], ''].join('\n');
  if (report.entries.length === 0)
    return [...lines, `No entries: foreign programs do not run. Next: ${next}`, ''].join('\n');
  const rows = report.entries.map((entry) => formatEntry(entry, style));
  const header = headRow(style.bold, [
    'ENTRY',
    'STATE',
    'FLAGS',
    'EMULATOR',
    'SHA-256',
    'OWNER',
    'INTERPRETER',
  ]);
  const details = [...commandNotes(report.entries), ...notes(report.entries)];
  return lines.join('\n') + formatColumns([header, ...rows]) + printableLines(details.join(''));
}

const stateMeanings: Readonly<Record<StatusReport['table']['state'], string>> = {
  mounted: '',
  autofs:
    'Behind an automount point that does not mount. Next: sudo systemctl restart proc-sys-fs-binfmt_misc.automount',
  unmounted:
    'Not mounted: foreign programs do not run. Next: sudo anyarch register (mounts it), or anyarch run',
  unsupported: 'The kernel does not know binfmt_misc. Next: sudo modprobe binfmt_misc',
};

function formatEntry(entry: EntryStatus, style: Style): Cell[] {
  return [
    entry.name,
    stateOf(entry, style),
    entry.flags === undefined ? '' : formatFlags(entry.flags),
    entry.emulator === undefined
      ? ''
      : `QEMU ${entry.emulator.version ?? 'unknown'}${entry.emulator.isCertain ? '' : '?'}${entry.emulator.interposed === undefined ? '' : ', interposed'}`,
    entry.emulator?.sha256?.slice(0, 12) ?? '',
    entry.owner.kind,
    entry.interpreter ?? painted(style.dim, '(cannot be read)'),
  ];
}

function stateOf(entry: EntryStatus, style: Style): Cell {
  if (entry.enabled === undefined) return painted(style.yellow, 'unclear');
  if (!entry.enabled) return painted(style.yellow, 'disabled');
  if (entry.proof?.status === 'failed') return painted(style.red, 'broken');
  if (entry.shadowedBy !== undefined) return painted(style.yellow, 'shadowed');
  return entry.proof?.status === 'proven' ? painted(style.green, 'proven') : 'enabled';
}

/** One for each command: most entries came with others. */
function commandNotes(entries: readonly EntryStatus[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, registered } of entries) {
    if (registered === undefined) continue;
    const { at, by = 'anyarch' } = registered;
    const command = `registered ${at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')} by ${by}`;
    names.set(command, [...(names.get(command) ?? []), name]);
  }
  return [...names].map(([command, registered]) => `\n${command}\n  ${registered.join(', ')}\n`);
}

function notes(entries: readonly EntryStatus[]): string[] {
  return entries.flatMap((entry) => [
    ...(entry.proof?.status === 'failed'
      ? [`\n${entry.name}: ${entry.proof.reason}\n  next: ${entry.proof.hint}\n`]
      : []),
    ...(entry.shadowedBy === undefined
      ? []
      : [`\n${entry.name}: ${entry.shadowedBy} is newer and takes its programs\n`]),
    ...adoptionNote(entry),
    ...fileNote(entry),
  ]);
}

function adoptionNote({ name, owner, registered, isReclaimed }: EntryStatus): string[] {
  if (isReclaimed) return [`\n${name}: ours had its place, and ${owner.kind} has registered it again\n`];
  const adopted = registered?.adopted;
  if (adopted === undefined) return [];
  const way =
    adopted.rule === '' ? ', for good' : `\n  to give it back: sudo anyarch release ${adopted.name}`;
  const place =
    name === adopted.name
      ? `has the place of an entry of ${adopted.owner}`
      : `stands in for ${adopted.name} of ${adopted.owner}, because a command was interrupted`;
  return [`\n${name}: ${place}${way}\n`];
}

/** What has become of the emulator's file, and what that means: only with F does the one that was registered go on. */
function fileNote({
  name,
  architecture,
  interpreter = '',
  flags,
  emulator,
  ...entry
}: EntryStatus): string[] {
  const isPinned = flags?.fixBinary === true;
  const next = architecture === undefined ? '' : `\n  next: sudo anyarch register ${architecture}`;
  if (emulator?.state === 'deleted') {
    if (isPinned)
      return [`\n${name}: ${interpreter} is gone; the emulator that was pinned goes on running${next}\n`];
    const isInForce = entry.enabled === true && entry.shadowedBy === undefined;
    return [
      `\n${name}: ${interpreter} is not there${isInForce ? ': programs of it fail with ENOENT' : ''}${next}\n`,
    ];
  }
  if (emulator?.state !== 'replaced') return [];
  return isPinned
    ? [`\n${name}: ${interpreter} was replaced; the one that was pinned goes on running${next}\n`]
    : [`\n${name}: ${interpreter} was replaced since it was registered; programs run with the new one\n`];
}
