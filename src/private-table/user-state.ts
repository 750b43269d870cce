import type { System } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';

/** As root of a user namespace we are the user that made it still, whom the environment speaks of. @throws ANYARCH_FILE */
export function userStateDirectory({ environment }: Pick<System, 'environment'>): string {
  return stateDirectory({ environment, uid: -1 });
}
