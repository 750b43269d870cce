import { binfmtAt } from '../host/binfmt-at.ts';
import type { Host } from '../host/host.ts';
import { openToOthers } from '../host/node/open-to-others.ts';
import type { Executor } from '../host/processes.ts';
import { SystemError } from '../host/system-error.ts';
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
}

/** This machine, with the table and what is executed being those of a process. Files stay ours. */
export function tableHost(host: Host, { process, executor, table, namespaces }: TableHostParts): Host {
  const inode = (table === undefined ? undefined : namespaces[table.level]?.inode) ?? process.userNamespace;
  const readLink: Host['files']['readLink'] = (path) =>
    // Registrations are recorded with the namespace that they were made in.
    path === '/proc/self/ns/user' ? `user:[${inode}]` : host.files.readLink(path);
  const binfmt = binfmtAt(host, pathOf(host, process, table));
  const open = openToOthers(host);
  return { ...open, executor, binfmt, files: { ...open.files, readLink } };
}

/** Where this process can read the table: through whoever has it mounted, best the process that it is about. */
function pathOf(host: Host, process: Viewer, table: SeenTable | undefined): string {
  const usual = `/proc/${process.pid}/root${standardPath}`;
  if (table === undefined) return usual;
  const first = (pid: number): number => (pid === process.pid ? 0 : pid === host.system.pid ? 1 : 2);
  const paths = [...table.viewers]
    .sort((a, b) => first(a.pid) - first(b.pid))
    .flatMap(({ pid, mounts }) =>
      mounts.flatMap(({ device, point }, index) =>
        // What is mounted there later lies over it.
        device === table.device && !mounts.slice(index + 1).some((later) => later.point === point)
          ? [`/proc/${pid}/root${point}`]
          : [],
      ),
    );
  return paths.find((path) => isReadable(host, path)) ?? usual;
}

function isReadable({ files }: Pick<Host, 'files'>, path: string): boolean {
  try {
    return files.list(path).includes('register');
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}
