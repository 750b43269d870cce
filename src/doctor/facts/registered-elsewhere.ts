import { architectures } from '../../core/architecture.ts';
import { matchesMagic } from '../../core/match.ts';
import { binfmtAt } from '../../host/binfmt-at.ts';
import { readTable, type TableEntry } from '../../registration/index.ts';
import { otherTables, type OtherTable } from '../../table-in-force/index.ts';
import { fact, type Examination } from '../examination.ts';
import { foreignConcerned } from './concerned.ts';
import { coverages } from './coverage.ts';

/** An enabled entry for what nothing takes here, in a table that does not count here. */
export interface RegisteredElsewhere {
  /** QEMU's target name. */
  readonly architecture: string;
  readonly entry: string;
  readonly table: OtherTable;
}

/**
 * Of the architectures that were asked about, or of all where none was. Without what anyarch keeps private on purpose: whoever
 * looks for an entry has not lost one of those.
 */
export const registeredElsewhere = fact((examination): readonly RegisteredElsewhere[] => {
  const asked = foreignConcerned(examination);
  const lacking = [...coverages(examination).values()]
    .filter(({ winner, proof }) => winner === undefined && proof?.status !== 'proven')
    .map(({ architecture }) => architecture)
    .filter((name) => asked.length === 0 || asked.includes(name));
  if (lacking.length === 0) return [];
  return otherTables(examination.host)
    .filter(({ command }) => command !== launcher)
    .flatMap((table) =>
      takersIn(examination, table).flatMap(({ name, entry }) =>
        architectures
          .filter(
            (one) => lacking.includes(one.name) && entry !== undefined && matchesMagic(one.magic, entry),
          )
          .map((one) => ({ architecture: one.name, entry: name, table })),
      ),
    );
});

/** What a table is held by that is for one command of ours. */
const launcher = 'anyarch run';

/** Of whichever user's anyarch. */
const storedEmulator = /\/store\/sha256\/[0-9a-f]{64}\//;

/** `anyarch rootless enable` registers in an engine's namespace, whenever that is made. */
function isMadeForEngine({ engine }: OtherTable, { name, entry }: TableEntry): boolean {
  if (engine === undefined || entry === undefined) return false;
  return name.startsWith('anyarch-') || (entry.kind === 'magic' && storedEmulator.test(entry.interpreter));
}

function takersIn({ host }: Examination, table: OtherTable): TableEntry[] {
  const { enabled, entries } = readTable({ binfmt: binfmtAt(host, table.path) });
  return entries.filter(
    (one) =>
      enabled && one.entry?.enabled === true && one.entry.kind === 'magic' && !isMadeForEngine(table, one),
  );
}
