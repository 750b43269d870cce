import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import type { Executor } from '../host/processes.ts';
import { namespaceError } from '../host/node/namespace-error.ts';
import { userNamespacesOf } from '../host/node/user-namespaces.ts';
import type { UserNamespace } from '../host/node/user-namespaces.ts';
import { ignoring } from '../host/system-error.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { status as readStatus } from '../registration/index.ts';
import type { StatusReport } from '../registration/index.ts';
import { describeNamespace } from './describe-namespace.ts';
import type { DescribedNamespace } from './describe-namespace.ts';
import { expectedTable, nextTable, tablesOf } from './expected-table.ts';
import type { SeenTable } from './expected-table.ts';
import { hiddenEntries } from './hidden-entries.ts';
import { insideExecutor } from './inside-executor.ts';
import { viewerFor, viewersOf } from './seen-tables.ts';
import type { Viewer } from './seen-tables.ts';
import { tableHost } from './table-host.ts';
import { mountedDevice, tablePath } from './table-path.ts';
import type { TableInForce } from './report.ts';
import { withRecordedOwners } from './with-recorded-owners.ts';
import { warningsOf } from './warnings.ts';

/** Where the facts of namespaces come from; another one in tests. */
export interface TableParts {
  readonly namespaces: (pid: number) => readonly UserNamespace[];
  readonly executor: (process: Viewer, own: Viewer | undefined) => Executor;
}

export interface TableOptions {
  /** Default `stateDirectory`. */
  readonly state?: string;
  readonly parts?: TableParts;
}

/**
 * Finds it by executing probes in the user namespace of the process; what is mounted where only tells which one to
 * expect. Mounts nothing: a mount in there would make a table that shadows the others.
 *
 * @throws AnyarchError ANYARCH_PROCESS_NOT_FOUND, ANYARCH_PERMISSION for a process of another user, ANYARCH_NAMESPACE
 *   for a table that is hidden from everybody
 */
export function tableInForce(host: Host, pid: number, options: TableOptions = {}): TableInForce {
  const { state = stateDirectory(host.system), parts = realParts(host) } = options;
  const chain = parts.namespaces(pid);
  const process = viewerFor(host, pid);
  if (process === undefined) throw namespaceError(pid, 'ESRCH', 'open');
  const viewers = viewersOf(host);
  const namespaces = chain.map((one) => describeNamespace(host, one, viewers));
  const tables = tablesOf(
    chain,
    viewers.some((one) => seesAs(one, process)) ? viewers : [process, ...viewers],
  );
  const expected = expectedTable(tables);
  const executor = parts.executor(process, viewerFor(host, host.system.pid));
  const found = inForceStatus(host, { process, expected, executor, state, namespaces });
  const isUnmounted = expected !== undefined && expected.level > 0 && isRefusedAll(found);
  const owner = isUnmounted || expected === undefined ? undefined : namespaces[expected.level];
  const shadowed = isUnmounted ? expected : nextTable(tables, expected);
  const isPrivate = owner?.isInitial === false;
  const owned = isPrivate ? withRecordedOwners(host, state, found.entries) : found.entries;
  const facts = {
    process: {
      pid,
      command: process.command,
      userNamespace: process.userNamespace,
      mountNamespace: process.mountNamespace,
    },
    namespaces,
    whose: whoseOf(expected, owner, isUnmounted),
    owner,
    foundBy: hasProof(found) ? ('probe' as const) : ('mounts' as const),
    device: isUnmounted ? undefined : expected?.device,
    mountedDevice: mountedDevice(host, process),
    status: { ...found, entries: isUnmounted ? [] : owned },
  };
  const shadowedPath = shadowed === undefined ? undefined : tablePath(host, process, shadowed);
  const hidden =
    shadowedPath === undefined
      ? []
      : hiddenEntries(
          tableHost(host, { table: shadowed, process, executor, namespaces, path: shadowedPath }),
          state,
          facts.status,
        );
  return {
    ...facts,
    warnings: warningsOf(host, {
      ...facts,
      table: expected,
      hidden,
      shadowed: shadowed === undefined ? undefined : namespaces[shadowed.level],
    }),
  };
}

/** One of those with the same namespaces stands for all of them. */
function seesAs(one: Viewer, other: Viewer): boolean {
  return one.userNamespace === other.userNamespace && one.mountNamespace === other.mountNamespace;
}

export function realParts(host: Host): TableParts {
  return {
    namespaces: (pid) => userNamespacesOf(host, pid),
    executor: (process, own) => insideExecutor(host, process, own),
  };
}

function inForceStatus(
  host: Host,
  parts: {
    readonly process: Viewer;
    readonly expected: SeenTable | undefined;
    readonly executor: Executor;
    readonly state: string;
    readonly namespaces: readonly DescribedNamespace[];
  },
): StatusReport {
  const { expected: table, state } = parts;
  const path = table === undefined ? undefined : tablePath(host, parts.process, table);
  if (table !== undefined && path === undefined) throw unreadableTable(parts.process, table);
  const seen = tableHost(host, { ...parts, table, ...(path === undefined ? {} : { path }) });
  const report = readStatus(seen, { probe: true, state });
  return {
    ...report,
    entries: report.entries.map((entry) =>
      entry.proof === undefined || entry.flags?.fixBinary === true || seesSame(host, parts.process, entry)
        ? entry
        : {
            ...entry,
            proof: {
              status: 'not-tried',
              reason: `process ${parts.process.pid} sees another ${entry.interpreter ?? 'interpreter'} than this one, or none`,
            },
          },
    ),
  };
}

function unreadableTable({ pid }: Viewer, { device, viewers }: SeenTable): AnyarchError {
  const names = viewers.map((viewer) => `${viewer.pid} (${viewer.command})`).join(', ');
  return new AnyarchError(
    'ANYARCH_NAMESPACE',
    `the table in force for process ${pid} (device ${device}) cannot be read: where ${names} have it mounted, something else lies over it`,
    { hint: `grep binfmt_misc /proc/${pid}/mountinfo`, details: { pid, device } },
  );
}

/** Without F the interpreter is looked up at each execution, by the process among its own files. */
function seesSame(
  { files }: Pick<Host, 'files'>,
  { pid }: Viewer,
  { interpreter = '' }: Pick<StatusReport['entries'][number], 'interpreter'>,
): boolean {
  const [here, there] = [interpreter, `/proc/${pid}/root${interpreter}`].map((path) =>
    ignoring(['EACCES', 'ELOOP'], () => files.status(path)),
  );
  return here?.inode === there?.inode && here?.changedMs === there?.changedMs;
}

function whoseOf(
  expected: SeenTable | undefined,
  owner: DescribedNamespace | undefined,
  isUnmounted: boolean,
): TableInForce['whose'] {
  if (isUnmounted) return 'unmounted';
  if (expected === undefined || owner === undefined) return 'none';
  if (owner.isInitial) return 'host';
  return expected.level === 0 ? 'own' : 'outer';
}

/** What all of this table's programs end with where another, empty table is in force. */
function isRefusedAll({ entries, table }: StatusReport): boolean {
  const tried = entries.flatMap(({ proof }) =>
    proof === undefined || proof.status === 'not-tried' ? [] : [proof],
  );
  return (
    table.enabled &&
    tried.length > 0 &&
    tried.every(
      (proof) =>
        proof.status === 'failed' && proof.outcome.kind === 'refused' && proof.outcome.errno === 'ENOEXEC',
    )
  );
}

function hasProof({ entries }: StatusReport): boolean {
  return entries.some(({ proof }) => proof?.status === 'proven' || proof?.status === 'failed');
}
