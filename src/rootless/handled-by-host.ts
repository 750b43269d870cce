import { findArchitecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import { readTable, takesProgramsOf, withProver } from '../registration/index.ts';

/**
 * Those that need nothing of ours: a probe runs, and what runs it needs no copy of the emulator in containers.
 *
 * @param names QEMU's target names
 */
export function handledByHost(host: Host, state: string, names: readonly string[]): ReadonlySet<string> {
  const { entries } = readTable(host);
  const proofs = withProver(host, state, (prover) => prover.prove(names));
  return new Set(
    names.filter((name) => {
      if (proofs.get(name)?.status !== 'proven') return false;
      const architecture = findArchitecture(name);
      // The kernel prefers the newest.
      const inForce = entries.find(
        ({ entry }) => entry?.enabled === true && takesProgramsOf(entry, architecture),
      )?.entry;
      return inForce === undefined || inForce.flags.fixBinary;
    }),
  );
}
