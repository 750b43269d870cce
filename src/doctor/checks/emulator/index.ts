import type { Check } from '../../check.ts';

export const emulatorChecks: readonly Check[] = [];
