import { buildStaticExecutable } from '../launcher/static-executable.ts';
import { probeTable } from './probe-table.ts';

/**
 * The smallest static program of an architecture: it exits with the code and needs nothing but the kernel's exit(2).
 * 84 to 152 bytes, readable and executable in one segment that loads with pages of up to 64 KiB.
 *
 * @param architectureName QEMU's name, one of `probeArchitectures`
 * @param exitCode 0 to 255. The default is seldom an exit code of emulators, shells and engines.
 * @throws Error for another name or exit code.
 */
export function buildProbe(architectureName: string, exitCode = 42): Uint8Array {
  const architecture = probeTable.get(architectureName);
  if (architecture === undefined) throw new Error(`there is no probe for '${architectureName}'`);
  if (!Number.isInteger(exitCode) || exitCode < 0 || exitCode > 255)
    throw new Error(`no exit code: ${exitCode}`);
  return buildStaticExecutable(architecture.identity, architecture.code(exitCode));
}

/** QEMU's names of the architectures that there are probes for, ordered. */
export const probeArchitectures: readonly string[] = [...probeTable.keys()].sort();
