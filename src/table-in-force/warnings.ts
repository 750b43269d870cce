import type { Host } from '../host/host.ts';
import { engineOfHolder, namespaceTitle } from './describe-namespace.ts';
import type { DescribedNamespace } from './describe-namespace.ts';
import type { SeenTable } from './expected-table.ts';
import type { HiddenEntry } from './hidden-entries.ts';
import type { TableInForce, TableWarning } from './report.ts';

type Facts = Omit<TableInForce, 'warnings'> & {
  readonly table: SeenTable | undefined;
  /** Those of the table that would be in force without this one. */
  readonly hidden: readonly HiddenEntry[];
  /** Whose that table is. */
  readonly shadowed: DescribedNamespace | undefined;
};

export function warningsOf(host: Pick<Host, 'files'>, facts: Facts): TableWarning[] {
  return [...shadowWarnings(facts), ...throwAwayWarning(host, facts), ...mountWarning(facts)];
}

function shadowWarnings({ hidden, shadowed, status, whose, namespaces, owner }: Facts): TableWarning[] {
  if (hidden.length === 0 || shadowed === undefined) return [];
  const other = `that of ${namespaceTitle(shadowed)}`;
  const names = hidden.map(({ name }) => name).join(', ');
  const hint = remedyFor(owner ?? namespaces[0]);
  const isEmpty = !status.entries.some(({ enabled }) => enabled === true);
  if (isEmpty)
    return [
      {
        kind: 'empty',
        message: `${whose === 'unmounted' ? 'an empty table that is mounted no more' : 'an empty table'} shadows ${other}: programs of ${names} fail with ENOEXEC`,
        hint,
      },
    ];
  return [
    { kind: 'hides-others', message: `this table shadows ${other}, whose entries it lacks: ${names}`, hint },
  ];
}

/**
 * A table is emptied when its last mount goes, with the last process of a mount namespace. An engine's own process stays
 * between its commands; a container's end with it, and then the namespace is left with an empty table.
 */
function throwAwayWarning(host: Pick<Host, 'files'>, { whose, table, status }: Facts): TableWarning[] {
  if (table === undefined || (whose !== 'own' && whose !== 'outer') || status.entries.length === 0) return [];
  if (table.viewers.some((viewer) => engineOfHolder(host, viewer) !== undefined)) return [];
  const spaces = new Set(table.viewers.map(({ mountNamespace }) => mountNamespace));
  const holders = table.viewers.map(({ pid, command }) => `${pid} (${command})`).join(', ');
  return [
    {
      kind: 'throw-away',
      message: `these entries can be seen in a throw-away namespace only: they are gone when ${spaces.size === 1 ? 'process' : 'all of the processes'} ${holders} and those that share its mounts have ended`,
      hint: 'anyarch rootless enable makes them last, for engines; anyarch run gives each command its own',
    },
  ];
}

function mountWarning({ whose, mountedDevice, device, process, owner }: Facts): TableWarning[] {
  if (mountedDevice === undefined || mountedDevice === device || whose === 'none') return [];
  const other = owner === undefined ? 'an empty one that is not mounted' : `that of ${namespaceTitle(owner)}`;
  return [
    {
      kind: 'not-in-force',
      message: `what process ${process.pid} sees in /proc/sys/fs/binfmt_misc is not the table in force, which is ${other}`,
      hint: 'do not judge by what is listed there; what is registered there counts for others',
    },
  ];
}

function remedyFor(namespace: DescribedNamespace | undefined): string {
  if (namespace?.engine !== undefined) return `anyarch rootless enable ${namespace.engine}, as its user`;
  return 'end the processes of that namespace and start them anew, with anyarch run, or after anyarch rootless enable';
}
