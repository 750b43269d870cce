/** One row of a plot. */
export interface Dot {
  readonly name: string;
  /** Above 0. */
  readonly value: number;
  /** The least and the greatest that was measured; drawn as a line through the dot. */
  readonly range?: readonly [least: number, greatest: number];
  /** Stands behind the dot. */
  readonly text: string;
  /** Ours. */
  readonly emphasized: boolean;
}

export interface DotPlot {
  readonly title: string;
  /** What stands below the axis. */
  readonly axis: string;
  /** The words for a power of ten. */
  readonly tick: (value: number) => string;
  readonly dots: readonly Dot[];
}

/** Pixels. */
const size = { width: 760, left: 230, right: 130, top: 48, row: 30, bottom: 52 } as const;
const colors = { ours: '#0b6e4f', others: '#6b7280', grid: '#d8dce2', text: '#1f2328' } as const;

/**
 * Draws values over a logarithmic axis as an SVG document, with nothing that needs a script or a font of ours. Dots and
 * no bars: the length of a bar means nothing where the axis has no zero.
 */
export function dotPlot({ title, axis, tick, dots }: DotPlot): string {
  const height = size.top + dots.length * size.row + size.bottom;
  const decades = decadesOf(dots.flatMap(({ value, range }) => [value, ...(range ?? [])]));
  const [first = 1, last = 10] = [decades[0], decades.at(-1)];
  const plotWidth = size.width - size.left - size.right;
  const x = (value: number) =>
    round(size.left + (plotWidth * Math.log10(value / first)) / Math.log10(last / first));
  const bottom = height - size.bottom;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" role="img" font-family="sans-serif" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    textAt(16, 26, title, `font-size="15" font-weight="bold"`),
    ...decades.flatMap((value) => [
      `<line x1="${x(value)}" y1="${size.top}" x2="${x(value)}" y2="${bottom}" stroke="${colors.grid}"/>`,
      textAt(x(value), bottom + 18, tick(value), `text-anchor="middle"`),
    ]),
    textAt(x(Math.sqrt(first * last)), bottom + 40, axis, `text-anchor="middle"`),
    ...dots.flatMap((dot, index) => dotLines(dot, size.top + (index + 0.5) * size.row, x)),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

function dotLines(
  { name, value, range, text, emphasized }: Dot,
  y: number,
  x: (value: number) => number,
): string[] {
  const color = emphasized ? colors.ours : colors.others;
  const weight = emphasized ? `font-weight="bold"` : '';
  const [least, greatest] = range ?? [value, value];
  return [
    textAt(size.left - 14, y + 4, name, `text-anchor="end" ${weight}`),
    `<line x1="${x(least)}" y1="${y}" x2="${x(greatest)}" y2="${y}" stroke="${color}" stroke-width="2"/>`,
    `<circle cx="${x(value)}" cy="${y}" r="6" fill="${color}"/>`,
    // A gridline may pass behind it.
    textAt(
      x(greatest) + 12,
      y + 4,
      text,
      `${weight} paint-order="stroke" stroke="#fff" stroke-width="4"`.trim(),
    ),
  ];
}

/** Powers of ten, from the one below all values to the one above. */
function decadesOf(values: readonly number[]): number[] {
  const exponents = values.map((value) => Math.log10(value));
  const first = Math.floor(Math.min(...exponents));
  const last = Math.max(Math.ceil(Math.max(...exponents)), first + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

function textAt(x: number, y: number, text: string, attributes = ''): string {
  return (
    `<text x="${x}" y="${y}" fill="${colors.text}" ${attributes}>`.replace(' >', '>') +
    `${escaped(text)}</text>`
  );
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
