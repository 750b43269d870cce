import type { Advisory } from '../advisory.ts';
import { goAdvisories } from './go.ts';

/** Known-bad combinations; a file for each kind of guest. */
export const advisories: readonly Advisory[] = [...goAdvisories];
