import { buildProbe, probeArchitectures } from '../../core/probe/probe.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { makeProbeDirectory } from '../../registration/index.ts';
import type { Examination } from '../examination.ts';

/**
 * Writes a foreign program into a directory from which it can be executed, and which is gone afterwards.
 *
 * @throws AnyarchError ANYARCH_FILE where programs can be executed from no directory
 */
export function withForeignProgram<T>(
  { host }: Examination,
  program: Uint8Array,
  action: (path: string) => T,
): T {
  const directory = makeProbeDirectory(host, stateDirectory(host.system));
  try {
    const path = `${directory.path}/program`;
    host.files.createFleeting(path, program, 0o700);
    return action(path);
  } finally {
    directory.remove();
  }
}

/** Undefined where there is none for the architecture. */
export function probeFor(architecture: string): Uint8Array | undefined {
  return probeArchitectures.includes(architecture) ? buildProbe(architecture) : undefined;
}
