import type { Check } from '../../check.ts';
import { binfmtNotMounted } from './binfmt-not-mounted.ts';

export const mountChecks: readonly Check[] = [binfmtNotMounted];
