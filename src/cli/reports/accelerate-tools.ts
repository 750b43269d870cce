import type {
  ListedSet,
  PreparedSet,
  PrepareReport,
  RemovedSet,
  VerifiedTree,
} from '../../tool-tree/index.ts';
import { megabytes } from '../progress.ts';
import type { Style } from '../style.ts';
import { formatColumns, headRow, painted } from '../table.ts';

export function formatPrepared(report: PrepareReport, dryRun: boolean, style: Style): string {
  const { guest, sets, missingSuites, mirrors } = report;
  const isPresent = sets.length > 0 && sets.every(({ outcome }) => outcome === 'present');
  const head = isPresent
    ? `${guest.name}: everything is there already\n`
    : `${guest.name}: native tools of the same versions${dryRun ? ' that would be made' : ''}, verified from ${mirrors.join(', ')}\n`;
  const rows = sets.map((set) => [
    set.group,
    set.set ?? '-',
    painted(set.tools.length > 0 ? style.green : style.red, set.outcome),
    String(set.tools.length),
    String(set.leftOut.length),
    set.bytes === 0 ? '' : `${megabytes(set.bytes)} MB`,
    timesOf(set),
  ]);
  const table =
    rows.length === 0
      ? 'none of its packages has a tool that may be replaced\n'
      : formatColumns([
          headRow(style.bold, ['GROUP', 'SET', 'STATE', 'TOOLS', 'LEFT OUT', 'SIZE', 'TESTS']),
          ...rows,
        ]);
  const leftOut = sets.flatMap((set) => set.leftOut.map(({ name, reason }) => [name, reason]));
  const reasons = leftOut.length === 0 ? '' : `left out, so emulated as before:\n${formatColumns(leftOut)}`;
  const suites =
    missingSuites.length === 0 || isPresent ? '' : `not on this mirror: ${missingSuites.join(', ')}\n`;
  return head + table + reasons + suites;
}

/** Of the tests, emulated and native. */
function timesOf({ tools, outcome }: PreparedSet): string {
  if (outcome === 'planned' || tools.length === 0) return '';
  const sum = (values: readonly (number | undefined)[]) =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const [emulated, native] = [
    sum(tools.map(({ emulatedMs }) => emulatedMs)),
    sum(tools.map(({ nativeMs }) => nativeMs)),
  ];
  return native === 0 ? 'same' : `same, ${(emulated / native).toFixed(1)} times as fast`;
}

export function formatSets(sets: readonly ListedSet[], style: Style): string {
  if (sets.length === 0)
    return 'there are no native tools. Next: anyarch accelerate prepare --suite trixie -a arm64\n';
  const rows = sets.flatMap(({ set, group, bytes, guestArchitecture, guests }) =>
    guests.map(({ name, tools, madeAt }, index) => [
      index === 0 ? set : '',
      index === 0 ? group : '',
      index === 0 ? guestArchitecture : '',
      index === 0 ? `${megabytes(bytes)} MB` : '',
      name,
      String(tools.length),
      madeAt.slice(0, 16).replace('T', ' '),
    ]),
  );
  const total = sets.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    formatColumns([
      headRow(style.bold, ['SET', 'GROUP', 'FOR', 'SIZE', 'SERVES', 'TOOLS', 'MADE']),
      ...rows,
    ]) + `${megabytes(total)} MB altogether\n`
  );
}

export function formatVerified(found: VerifiedTree, isRepairing: boolean, style: Style): string {
  const { sets, problems } = found;
  if (sets.length === 0 && problems.length === 0) return 'there are no native tools\n';
  const rows = sets.map(({ set, group, outcome, damage, guests }) => [
    outcome === 'intact' ? painted(style.green, 'intact') : painted(style.red, outcome),
    set,
    group ?? '',
    outcome === 'intact' ? guests.join(', ') : damage.slice(0, 3).join('; '),
  ]);
  const isGood = problems.length === 0 && sets.every(({ outcome }) => outcome === 'intact');
  const next = isGood || isRepairing ? '' : 'next: anyarch accelerate verify --repair\n';
  return formatColumns(rows) + formatColumns(problems.map((problem) => [problem])) + next;
}

export function formatRemoved(sets: readonly RemovedSet[], dryRun: boolean, style: Style): string {
  if (sets.length === 0) return 'there are no native tools\n';
  return formatColumns(
    sets.map(({ set, group, bytes }) => [
      painted(style.green, dryRun ? 'would be removed' : 'removed'),
      set,
      group ?? '',
      `${megabytes(bytes)} MB`,
    ]),
  );
}
