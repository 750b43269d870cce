/** Columns of text, two spaces between them, none at the end of a line. Width is counted without colours. */
export function formatColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell));
    });
  return rows.map((row) => formatRow(row, widths)).join('');
}

function formatRow(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visibleLength(cell)));
  return `${cells.join('  ').trimEnd()}\n`;
}

function visibleLength(text: string): number {
  // eslint-disable-next-line no-control-regex -- colours begin with the escape character
  return text.replace(/\x1b\[\d+m/g, '').length;
}
