import type { Check } from '../../check.ts';

export const namespacesChecks: readonly Check[] = [];
