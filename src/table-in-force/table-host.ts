import { binfmtAt } from '../host/binfmt-at.ts';
import type { Host } from '../host/host.ts';
import { openToOthers } from '../host/node/open-to-others.ts';
import type { Executor } from '../host/processes.ts';
import type { DescribedNamespace } from './describe-namespace.ts';
import type { SeenTable } from './expected-table.ts';
import { standardPath } from './seen-tables.ts';
import type { Viewer } from './seen-tables.ts';

interface TableHostParts {
  readonly process: Viewer;
  readonly executor: Executor;
  /** Undefined: what the process sees at the usual place. */
  readonly table: SeenTable | undefined;
  readonly namespaces: readonly DescribedNamespace[];
  /** Where this process reads it; default: at the usual place of the process. */
  readonly path?: string;
}

/** This machine, with the table and what is executed being those of a process. Files stay ours. */
export function tableHost(host: Host, parts: TableHostParts): Host {
  const { process, executor, table, namespaces, path = `/proc/${process.pid}/root${standardPath}` } = parts;
  const inode = (table === undefined ? undefined : namespaces[table.level]?.inode) ?? process.userNamespace;
  const readLink: Host['files']['readLink'] = (link) =>
    // Registrations are recorded with the namespace that they were made in.
    link === '/proc/self/ns/user' ? `user:[${inode}]` : host.files.readLink(link);
  const binfmt = binfmtAt(host, path);
  const open = openToOthers(host);
  return { ...open, executor, binfmt, files: { ...open.files, readLink } };
}
