export type { Dialect, DialectCall, DialectOutcome } from './dialect.ts';
