import { printable } from '../core/printable.ts';
import type { Paint } from './style.ts';

/** A text, which may come from anywhere; in one of our colours with `paint`. */
export type Cell = string | { readonly text: string; readonly paint: Paint };

/** Columns of text, two spaces between them, none at the end of a line. What is not printable is escaped. */
export function formatColumns(rows: readonly (readonly Cell[])[]): string {
  const shown = rows.map((row) => row.map(shownCell));
  const widths: number[] = [];
  for (const row of shown)
    row.forEach(({ text }, column) => {
      widths[column] = Math.max(widths[column] ?? 0, text.length);
    });
  return shown.map((row) => formatRow(row, widths)).join('');
}

export function painted(paint: Paint, text: string): Cell {
  return { text, paint };
}

/** The row above a table. */
export function headRow(paint: Paint, names: readonly string[]): Cell[] {
  return names.map((text) => ({ text, paint }));
}

interface ShownCell {
  readonly text: string;
  readonly paint: Paint;
}

function shownCell(cell: Cell): ShownCell {
  if (typeof cell === 'string') return { text: printable(cell), paint: asItIs };
  return { ...cell, text: printable(cell.text) };
}

function formatRow(row: readonly ShownCell[], widths: readonly number[]): string {
  const cells = row.map(
    ({ text, paint }, column) => paint(text) + ' '.repeat((widths[column] ?? 0) - text.length),
  );
  return `${cells.join('  ').trimEnd()}\n`;
}

function asItIs(text: string): string {
  return text;
}
