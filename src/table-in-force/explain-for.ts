import { binfmtAt } from '../host/binfmt-at.ts';
import type { Host } from '../host/host.ts';
import type { BinfmtMisc } from '../host/kernel-table.ts';
import { openToOthers } from '../host/node/open-to-others.ts';
import { explainFile } from '../registration/index.ts';
import type { Explanation } from '../registration/index.ts';
import type { TableInForce } from './report.ts';
import { viewerFor } from './seen-tables.ts';
import { realParts, tableInForce } from './table-in-force.ts';
import type { TableOptions } from './table-in-force.ts';

export interface ExplainedFor {
  readonly inForce: TableInForce;
  readonly explanation: Explanation;
}

/**
 * What execve would do with a file in a process, by the table in force for it.
 *
 * @param path of the file as this process sees it
 * @param options.root where the loader of a dynamic program is looked up; default: the process's root directory
 * @throws AnyarchError as `tableInForce`
 */
export function explainFor(
  host: Host,
  pid: number,
  path: string,
  options: TableOptions & { readonly root?: string } = {},
): ExplainedFor {
  const inForce = tableInForce(host, pid, options);
  const { executor: executorOf } = options.parts ?? realParts(host);
  const process = viewerFor(host, pid);
  const binfmt = binfmtAt(host, inForce.status.table.path);
  const inside: Host = {
    ...openToOthers(host),
    binfmt: inForce.whose === 'unmounted' ? emptied(binfmt) : binfmt,
    executor: process === undefined ? host.executor : executorOf(process, viewerFor(host, host.system.pid)),
  };
  const { root = `/proc/${pid}/root`, state } = options;
  return {
    inForce,
    explanation: explainFile(inside, path, { root, ...(state === undefined ? {} : { state }) }),
  };
}

/** What is in force where the one that was mounted is mounted no more. */
function emptied(binfmt: BinfmtMisc): BinfmtMisc {
  return { ...binfmt, table: () => ({ ...binfmt.table(), list: () => [] }) };
}
