import type { Host } from '../host/host.ts';

/**
 * Puts the program that hooks run below the state directory: the static one where the package has it for this machine,
 * else a script that starts Node. What is there already and the same stays; running copies go on.
 *
 * @returns its path
 */
export function installHookProgram(host: Pick<Host, 'files' | 'system'>, state: string): string {
  throw new Error(`not yet: ${host.files.resolve(state)}`);
}
