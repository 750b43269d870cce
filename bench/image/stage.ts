import type { Roots } from './roots/index.ts';
import type { Timer } from './timer.ts';

/** What the contenders of these comparisons share. */
export interface Stage extends Roots {
  readonly timer: Timer;
}
