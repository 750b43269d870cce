export type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
}

export const plain: Style = { bold: same, dim: same, red: same, green: same, yellow: same };

function same(text: string): string {
  return text;
}
