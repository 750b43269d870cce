import type { Check } from '../../check.ts';

export const flagsChecks: readonly Check[] = [];
