import type { Check } from '../../check.ts';

export const entryChecks: readonly Check[] = [];
