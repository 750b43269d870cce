import type { Check } from '../../check.ts';

export const imageChecks: readonly Check[] = [];
