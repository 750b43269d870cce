import type { Contender } from '../../contender.ts';
import { anyarch } from '../../places.ts';
import { runProgram } from '../../programs.ts';

export function anyarchRun(): Contender {
  return {
    name: 'anyarch run',
    run: () => {
      runProgram([anyarch, 'run', '-a', 'arm64', '--no-fetch', '--', 'true']);
      return undefined;
    },
  };
}
