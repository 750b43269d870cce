import type { Files } from '../host/files.ts';
import { listProc, readProc, readProcLink } from './proc-files.ts';

type ProcFiles = Pick<Files, 'read' | 'readLink' | 'list'>;

/** Pipes and sockets that this process has open itself: its standard input and output are the guest's, too. */
export function sharedTargets(files: ProcFiles): ReadonlySet<string> {
  return new Set(targetsOf(files, 'self').filter((target) => /^(pipe|socket):/.test(target)));
}

/**
 * Sockets of which both ends are within these processes. The kernel tells the other end to netlink only; but socketpair(2) takes two
 * inode numbers in a row, and neither end has a name.
 */
export function ownPairs(files: ProcFiles, pids: readonly number[]): ReadonlySet<string> {
  const sockets = new Set(
    pids.flatMap((pid) => targetsOf(files, `${pid}`).filter((target) => target.startsWith('socket:'))),
  );
  const [pid] = pids;
  const nameless = pid === undefined ? new Set<number>() : namelessSockets(files, pid);
  const isPair = (inode: number, other: number): boolean =>
    nameless.has(inode) && nameless.has(other) && sockets.has(`socket:[${other}]`);
  return new Set(
    [...sockets].filter((socket) => {
      const inode = Number(/\d+/.exec(socket)?.[0]);
      return isPair(inode, inode + 1) || isPair(inode, inode - 1);
    }),
  );
}

/** proc(5), net/unix: `Num RefCount Protocol Flags Type St Inode Path`, connected (03) ones without a path. */
function namelessSockets(files: ProcFiles, pid: number): Set<number> {
  const lines = (readProc(files, `/proc/${pid}/net/unix`) ?? '').split('\n').slice(1);
  return new Set(
    lines.flatMap((line) => {
      const [, , , , , state, inode, path] = line.trim().split(/\s+/);
      return state === '03' && path === undefined ? [Number(inode)] : [];
    }),
  );
}

function targetsOf(files: ProcFiles, pid: string): string[] {
  return listProc(files, `/proc/${pid}/fd`).flatMap(
    (descriptor) => readProcLink(files, `/proc/${pid}/fd/${descriptor}`) ?? [],
  );
}
