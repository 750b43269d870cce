import type { Host } from '../host/host.ts';
import { survey, withProver } from '../registration/index.ts';
import type { StatusReport } from '../registration/index.ts';

/** An entry of an outer table that does not count for a process, because another table is in force for it. */
export interface HiddenEntry {
  readonly name: string;
  /** QEMU's target name; undefined for entries such as Java's. */
  readonly architecture: string | undefined;
}

/**
 * The enabled entries of an outer table that are missing in the one in force, so that their programs do not run: proven for
 * those that there is a probe for.
 *
 * @param host with the outer table, and the process's executor
 */
export function hiddenEntries(host: Host, state: string, { entries }: StatusReport): HiddenEntry[] {
  const present = entries.filter(({ enabled }) => enabled === true);
  const missing = survey(host, state, { tolerant: true }).entries.flatMap(({ listed, architecture }) =>
    listed.entry?.enabled === true &&
    !present.some(
      (one) => one.name === listed.name || (architecture !== undefined && one.architecture === architecture),
    )
      ? [{ name: listed.name, architecture }]
      : [],
  );
  const names = missing.flatMap(({ architecture }) => architecture ?? []);
  const proofs = withProver(host, state, (prover) => prover.prove(names));
  return missing.filter(
    ({ architecture }) => architecture === undefined || proofs.get(architecture)?.status !== 'proven',
  );
}
