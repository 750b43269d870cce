import type { Contender } from '../../contender.ts';
import { anyarch } from '../../places.ts';
import { runProgram } from '../../programs.ts';
import type { Stage } from '../stage.ts';

export function anyarchRun({ home }: Stage): Contender {
  const environment = { ...process.env, ANYARCH_HOME: home };
  return {
    name: 'anyarch run',
    run: () => {
      runProgram([anyarch, 'run', '-a', 'arm64', '--no-fetch', '--', 'true'], { environment });
      return undefined;
    },
  };
}
