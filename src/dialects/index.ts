export type { Dialect, DialectCall, DialectOutcome } from './dialect.ts';
export { binfmt } from './binfmt/index.ts';
export { chooseDialect, type DialectName } from './choose-dialect.ts';
