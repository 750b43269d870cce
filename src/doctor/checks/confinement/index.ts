import type { Check } from '../../check.ts';

export const confinementChecks: readonly Check[] = [];
