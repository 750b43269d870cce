import type { Contender } from '../../contender.ts';
import { anyarch } from '../../places.ts';
import { runProgram } from '../../programs.ts';
import { checkEntries } from '../check-entries.ts';
import { interpreterOfArm64 } from '../rules.ts';
import type { Stage } from '../stage.ts';

/** The whole command, from starting Node to having proven each registration. */
export function anyarchCli({ rules }: Stage): Contender {
  return {
    name: 'anyarch register all',
    run: () => {
      runProgram([anyarch, 'register', 'all', '--no-fetch']);
      return undefined;
    },
    check: () => checkEntries(interpreterOfArm64(rules)),
    reset: () => {
      runProgram([anyarch, 'unregister', 'all']);
    },
  };
}
