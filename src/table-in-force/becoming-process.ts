import { AnyarchError } from '../core/error.ts';
import { idInside, parseIdMap } from '../core/id-map.ts';
import type { Step } from '../core/launcher/program.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { namespaceError } from '../host/node/namespace-error.ts';
import { SystemError } from '../host/system-error.ts';

/**
 * Root enters namespaces with the ids of the process that it looks at, and no groups: what the table in there names as
 * an interpreter is chosen by others, and would run as root.
 *
 * @param entering the steps that enter, for which root's rights are needed
 * @throws AnyarchError ANYARCH_PROCESS_NOT_FOUND, ANYARCH_PERMISSION for a process without ids in its own namespace
 */
export function becomingProcess(
  { files }: Pick<Host, 'files'>,
  pid: number,
  entering: readonly Step[],
): readonly Step[] {
  const text = (name: string): string => {
    try {
      return decodeUtf8(files.read(`/proc/${pid}/${name}`));
    } catch (error) {
      if (error instanceof SystemError) throw namespaceError(pid, error.errno, 'open');
      throw error;
    }
  };
  const status = text('status');
  const ownId = (kind: 'Uid' | 'Gid', map: string): number => {
    // Real, effective, saved and of the file system: the effective one.
    const outside = Number(new RegExp(`^${kind}:\\s+\\d+\\s+(\\d+)`, 'm').exec(status)?.[1]);
    const inside = idInside(parseIdMap(text(map)), outside);
    if (inside !== undefined) return inside;
    throw new AnyarchError(
      'ANYARCH_PERMISSION',
      `process ${pid} has no ${kind} in its own user namespace: nothing can be executed as it there`,
      { hint: 'look at another process of the same namespace: lsns -t user', details: { pid } },
    );
  };
  const [uid, gid] = [ownId('Uid', 'uid_map'), ownId('Gid', 'gid_map')];
  return [
    // Refused in a namespace without setgroups(2), whose root has no groups of the host's root.
    { call: 'setgroups', arguments: [0, 0], onError: 'ignore' },
    ...entering,
    { call: 'setresgid', arguments: [gid, gid, gid] },
    { call: 'setresuid', arguments: [uid, uid, uid] },
  ];
}
