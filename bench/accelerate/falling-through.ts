import { guests } from '../../test/support/fixtures/guests.ts';
import { busyboxRoot } from '../../test/support/fixtures/busybox.ts';
import { measure, type Measurement, type MeasureOptions } from '../measure.ts';
import { anyarch } from '../places.ts';
import { runProgram } from '../programs.ts';

/** Programs that one run starts, one after the other. */
const starts = 400;

/** The names of the contenders. */
export const withoutInterposer = 'plain emulator';
const withInterposer = 'interposed emulator, no tool tree';

/** What the interposer costs where there is nothing to substitute: starting a small static program again and again. */
export async function measureFallingThrough(options: MeasureOptions): Promise<Measurement[]> {
  const root = await busyboxRoot(guests.arm64);
  const loop = `i=0; while [ $i -lt ${starts} ]; do /bin/busybox true; i=$((i+1)); done`;
  const contender = (name: string, flag: string) => ({
    name,
    run: () => {
      runProgram([anyarch, 'run', flag, '--no-fetch', '--rootfs', root, '--', '/bin/sh', '-c', loop]);
      return undefined;
    },
    check: () => `${starts} starts`,
  });
  return await measure(
    [contender(withoutInterposer, '--plain'), contender(withInterposer, '--no-accelerate')],
    options,
  );
}
