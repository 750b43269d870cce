import { architectures } from '../core/architecture.ts';
import { takesProgramsOf, type Prover, type Table, type TableEntry } from '../registration/index.ts';
import { isOurs, type WantedRule } from './wanted-rule.ts';

/**
 * Those that run without a rule of ours: by the kernel itself, or by an entry of others that works in containers, too, as
 * its emulator was opened when it was registered. Whether one runs is found by executing a probe.
 *
 * @param table may be hidden from us: then the probes alone decide
 */
export function handledByOthers(
  wanted: readonly WantedRule[],
  table: Table,
  prover: Prover,
): ReadonlySet<string> {
  const candidates = wanted.filter((one) => {
    const taker = takerOf(one, table);
    return taker === undefined || taker.entry?.flags.fixBinary === true;
  });
  const proofs = prover.prove(candidates.map(({ architecture }) => architecture));
  const handled = candidates.filter((one) => {
    const proof = proofs.get(one.architecture);
    // Where nothing can be executed, an entry that is there has to do.
    return proof?.status === 'proven' || (proof?.status === 'not-tried' && takerOf(one, table) !== undefined);
  });
  return new Set(handled.map(({ architecture }) => architecture));
}

/**
 * The same of a private table that was there before, without executing anything: who made it has seen them run. What we
 * have an entry for is not among them.
 */
export function handledByEntries(wanted: readonly WantedRule[], table: Table): ReadonlySet<string> {
  const handled = wanted.filter(
    (one) =>
      takerOf(one, table)?.entry?.flags.fixBinary === true &&
      !table.entries.some((entry) => isOurs(one, entry)),
  );
  return new Set(handled.map(({ architecture }) => architecture));
}

/** The entry that takes an architecture's programs; extension rules and those that are switched off take none. */
function takerOf({ architecture }: WantedRule, { entries }: Table): TableEntry | undefined {
  return entries.find(({ entry }) => entry?.enabled === true && takes(entry, architecture));
}

function takes(entry: NonNullable<TableEntry['entry']>, name: string): boolean {
  const architecture = architectures.find((one) => one.name === name);
  return architecture !== undefined && takesProgramsOf(entry, architecture);
}
