import type { StartUp } from '../../tool-tree/index.ts';
import type { Tally } from './tally.ts';

/** Time that was won at least. */
export interface Gain {
  /** Milliseconds of start-up only: what the programs did after it was faster, too, and is not known. */
  readonly lowerBoundMs: number;
  /** Starts that the sum is made of. */
  readonly measuredStarts: number;
  /** Starts of programs whose start-up was not measured; they count for nothing. */
  readonly unmeasuredStarts: number;
  /** For people. */
  readonly computed: string;
}

/**
 * @param startUpOf by path below the mount of the tool tree
 * @param possibleMs time of all processors while the log was followed: what is told beyond it did not take place
 */
export function gainOf(
  { paths }: Tally,
  startUpOf: (program: string) => StartUp | undefined,
  possibleMs: number,
): Gain {
  let [wonMs, nativeMs, measuredStarts, unmeasuredStarts] = [0, 0, 0, 0];
  for (const { substituted } of paths.values()) {
    for (const [program, times] of substituted) {
      const startUp = startUpOf(program);
      if (startUp === undefined) {
        unmeasuredStarts += times;
      } else {
        measuredStarts += times;
        // A native start that was measured as the slower one won nothing.
        wonMs += times * Math.max(startUp.emulatedMs - startUp.acceleratedMs, 0);
        nativeMs += times * startUp.acceleratedMs;
      }
    }
  }
  return {
    lowerBoundMs: Math.round(wonMs * (nativeMs > possibleMs ? possibleMs / nativeMs : 1)),
    measuredStarts,
    unmeasuredStarts,
    computed:
      'for each substituted start, the time that starting this program takes emulated less the time that it takes natively, as measured on this host when its tool set was prepared; the work done after the start is not counted, nor are more starts than there was time for',
  };
}
