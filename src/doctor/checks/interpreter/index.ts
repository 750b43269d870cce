import type { Check } from '../../check.ts';

export const interpreterChecks: readonly Check[] = [];
