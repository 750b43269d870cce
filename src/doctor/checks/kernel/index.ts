import type { Check } from '../../check.ts';
import { binfmtModuleNotLoaded } from './binfmt-module-not-loaded.ts';
import { binfmtUnsupported } from './binfmt-unsupported.ts';
import { kernelWithoutOwnTables } from './kernel-without-own-tables.ts';

export const kernelChecks: readonly Check[] = [
  binfmtUnsupported,
  binfmtModuleNotLoaded,
  kernelWithoutOwnTables,
];
