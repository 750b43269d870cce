import { systemDirectory } from '../../host/system-directory.ts';

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
}
