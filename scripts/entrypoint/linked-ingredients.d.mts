export function linkedIngredients(): {
  readonly schema: string;
  readonly programs: Readonly<Record<string, readonly object[]>>;
};
