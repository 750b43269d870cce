import type { StatusReport } from '../registration/index.ts';
import type { DescribedNamespace } from './describe-namespace.ts';
import type { Viewer } from './seen-tables.ts';

/** The table that the kernel looks at when a process executes a foreign program, and what is in it. */
export interface TableInForce {
  readonly process: Pick<Viewer, 'pid' | 'command' | 'userNamespace' | 'mountNamespace'>;
  /** The process's own first, then those around it, as far as this process may see them. */
  readonly namespaces: readonly DescribedNamespace[];
  /**
   * `own`: of the process's own user namespace; `outer`: of one around it; `host`: of the initial one; `unmounted`: an
   * empty one of a namespace that had it mounted once; `none`: no table can be seen, whether there is one or not.
   */
  readonly whose: 'own' | 'outer' | 'host' | 'unmounted' | 'none';
  /** The namespace that the table belongs to; undefined for `unmounted` and `none`. */
  readonly owner: DescribedNamespace | undefined;
  /** `probe`: executing programs in there agreed; `mounts`: nothing could be executed that would tell. */
  readonly foundBy: 'probe' | 'mounts';
  /** `major:minor` of the table's mounts. */
  readonly device: string | undefined;
  /** The same of what the process sees at /proc/sys/fs/binfmt_misc; undefined where nothing is mounted. */
  readonly mountedDevice: string | undefined;
  /** The entries, as `anyarch status` has them, proven in the process's namespaces. */
  readonly status: StatusReport;
  readonly warnings: readonly TableWarning[];
}

export interface TableWarning {
  /**
   * `throw-away`: the entries are gone with a process that nobody keeps; `empty`: an empty table shadows the
   * entries of the host or of a namespace around; `hides-others`: some of those are missing; `not-in-force`: what is mounted is another table.
   */
  readonly kind: 'throw-away' | 'empty' | 'hides-others' | 'not-in-force';
  readonly message: string;
  readonly hint: string;
}
