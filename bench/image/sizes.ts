/** Bytes of images, or of what stands for them. */
export interface SizeTable {
  readonly title: string;
  readonly rows: readonly SizeRow[];
  /** Name of the row that the others' compressed sizes are divided by. */
  readonly baseline?: string;
}

export type SizeRow =
  | {
      readonly name: string;
      readonly outcome: 'measured';
      readonly compressed: number;
      readonly unpacked: number;
      readonly detail?: string;
    }
  | { readonly name: string; readonly outcome: 'missing'; readonly reason: string };

/** The table as cells, its header first. */
export function sizeCells({ title, rows, baseline }: SizeTable): string[][] {
  const base = rows.find(({ name }) => name === baseline);
  const baseSize = base?.outcome === 'measured' ? base.compressed : undefined;
  const ratio = (size: number) => (baseSize === undefined ? [] : [`${ratioText(size / baseSize)} ×`]);
  const measured = rows.flatMap((row) =>
    row.outcome === 'missing'
      ? []
      : [
          [
            row.name,
            sizeText(row.compressed),
            sizeText(row.unpacked),
            ...ratio(row.compressed),
            row.detail ?? '',
          ],
        ],
  );
  const header = [
    title,
    'compressed',
    'unpacked',
    ...(baseSize === undefined ? [] : [`÷ ${baseline ?? ''}`]),
    '',
  ];
  return [header, ...measured];
}

/** Decimal units, as registries show them. */
export function sizeText(bytes: number): string {
  return bytes < 999_500 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function ratioText(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0);
}
