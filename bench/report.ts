import {
  accelerationCells,
  accelerationNotes,
  hasFailedWorkload,
  type AccelerationTable,
} from './accelerate/measured-workload.ts';
import { sizeCells, type SizeTable } from './image/sizes.ts';
import type { Machine } from './machine.ts';
import type { Sizes } from './package.ts';
import { rowsOf } from './section.ts';
import type { Row, Section } from './section.ts';

export interface Report {
  readonly machine: Machine;
  readonly rounds: number;
  readonly sections: readonly Section[];
  readonly sizes?: Sizes;
  /** Of images. */
  readonly sizeTables: readonly SizeTable[];
  readonly acceleration?: AccelerationTable;
  /** Comparisons that could not be made at all, with their reasons. */
  readonly failures: readonly string[];
}

/** For `--json`: the same facts as the table, times in milliseconds and sizes in bytes. */
export function reportDocument({ sections, ...rest }: Report): object {
  return {
    schema: 1,
    ...rest,
    sections: sections.map((section) => ({ title: section.title, rows: rowsOf(section) })),
  };
}

export function reportText(report: Report): string {
  const { machine, rounds, sections, sizes, sizeTables, acceleration, failures } = report;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const blocks = [
    [
      `${machine.date}, ${machine.kernel}, ${machine.cpus} × ${machine.cpu}, load ${machine.load.toFixed(1)}`,
      versions.join(', '),
      `${rounds} rounds in turns; times in milliseconds`,
    ],
    ...sections.map(sectionLines),
    ...(sizes === undefined ? [] : [sizeLines(sizes)]),
    ...sizeTables.map(sizeTableLines),
    ...(acceleration === undefined
      ? []
      : [[...align(accelerationCells(acceleration)), ...accelerationNotes(acceleration)]]),
    ...(failures.length === 0 ? [] : [failures.map((reason) => `FAILED ${reason}`)]),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Whether something that is here could not be run; what is missing is no failure. */
export function hasFailed({ sections, failures, acceleration }: Report): boolean {
  const failed = sections.some(({ measurements }) =>
    measurements.some(({ outcome }) => outcome === 'failed'),
  );
  return failures.length > 0 || failed || (acceleration !== undefined && hasFailedWorkload(acceleration));
}

function sectionLines(section: Section): string[] {
  const { title, baselines, floor } = section;
  const header = [
    title,
    'median',
    'min–max',
    ...baselines.map((name) => `÷ ${name}`),
    ...(floor === undefined ? [] : [`less ${floor}`]),
    '',
  ];
  const rows = rowsOf(section);
  const measured = rows.filter(({ outcome }) => outcome === 'measured').map((row) => cellsOf(row, section));
  return [...align([header, ...measured]), ...rows.flatMap(absenceOf)];
}

function cellsOf(row: Row, { baselines, floor }: Section): string[] {
  if (row.outcome !== 'measured') return [];
  const { median, min, max } = row.time;
  return [
    row.name,
    median.toFixed(1),
    `${min.toFixed(1)}–${max.toFixed(1)}`,
    ...baselines.map((name) => ratioText(row.ratios[name])),
    ...(floor === undefined ? [] : [differenceText(row.aboveFloor)]),
    row.detail ?? '',
  ];
}

function absenceOf(row: Row): string[] {
  if (row.outcome === 'measured') return [];
  return [`${row.outcome === 'failed' ? 'FAILED' : 'left out'} ${row.name}: ${row.reason}`];
}

function ratioText(ratio: number | undefined): string {
  return ratio === undefined ? '' : `${ratio.toFixed(2)} ×`;
}

function differenceText(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '';
  return `${milliseconds < 0 ? '−' : '+'}${Math.abs(milliseconds).toFixed(1)}`;
}

function sizeLines({ distribution, tarball, unpacked }: Sizes): string[] {
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
  return align([
    ['Size of the package', ''],
    ['JavaScript in dist', kilobytes(distribution)],
    ['tarball', kilobytes(tarball)],
    ['unpacked', kilobytes(unpacked)],
  ]);
}

function sizeTableLines(table: SizeTable): string[] {
  const missing = table.rows.flatMap((row) =>
    row.outcome === 'missing' ? [`left out ${row.name}: ${row.reason}`] : [],
  );
  return [...align(sizeCells(table)), ...missing];
}

/** Names to the left, numbers to the right. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, index) => Math.max(cell.length, known[index] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
