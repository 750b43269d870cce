import { systemStateDirectory } from '../../host/state-directory.ts';
import { systemDirectory } from '../../host/system-directory.ts';
import { shellWord } from '../../core/shell-word.ts';

/** The static program that services run: they need neither Node nor the package. */
export const serviceProgram = `${systemDirectory}/bin/anyarch`;

export const serviceName = 'anyarch-watch';

/** Who made a file, as its comment. */
export const origin = '# Made by "anyarch watch enable", removed by "anyarch watch disable".';

export interface ServiceOptions {
  /** Behind `anyarch watch`. */
  readonly words: readonly string[];
  /** Absolute. */
  readonly metricsFile: string | undefined;
  /** Absolute: where what is wanted is recorded. */
  readonly state: string;
}

/** For scripts: what the program needs to find a state directory that is not the usual one. */
export function exportedState({ state }: Pick<ServiceOptions, 'state'>): string {
  return state === systemStateDirectory ? '' : `export ANYARCH_HOME=${shellWord(state)}\n`;
}
