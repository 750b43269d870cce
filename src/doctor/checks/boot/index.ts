import type { Check } from '../../check.ts';

export const bootChecks: readonly Check[] = [];
