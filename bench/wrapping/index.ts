import { loadLibrary } from '../library.ts';
import { measure } from '../measure.ts';
import type { Measurement, MeasureOptions } from '../measure.ts';
import type { Contender } from '../contender.ts';
import { anyarch } from '../places.ts';
import { plannedRules } from '../planned-rules.ts';
import { runProgram } from '../programs.ts';
import { launcher } from './launcher.ts';

/** The name of what cannot be had for less. */
export const floor = 'unshare -rmpf';

/** Running the host's own `true` where foreign programs run, too: what a wrapper costs. */
export async function measureWrapping(
  options: MeasureOptions & { readonly scratch: string },
): Promise<Measurement[]> {
  const library = await loadLibrary();
  const rules = plannedRules(library, ['arm64']);
  const { scratch } = options;
  const contenders = [
    program(floor, ['unshare', '--map-root-user', '--mount', '--pid', '--fork', '--', 'true']),
    launcher(library, { scratch, rules }),
    launcher(library, { scratch, rules, identity: { kind: 'mapped', uid: 1000, gid: 1000 } }),
    program('anyarch run -- true', [anyarch, 'run', '--', 'true']),
    program('anyarch run --map-auto -- true', [anyarch, 'run', '--map-auto', '--', 'true']),
  ];
  return measure(contenders, options);
}

function program(name: string, command: readonly string[]): Contender {
  return {
    name,
    run: () => {
      runProgram(command);
      return undefined;
    },
  };
}
