/** Fields of an alternative that are lists of words; a line has its name and one word. */
export const listed = [
  'at',
  'called',
  'first',
  'bail',
  'bailarg',
  'anyarg',
  'contains',
  'script',
  'bailenv',
  'needenv',
  'need',
  'unless',
  'insert',
] as const;
