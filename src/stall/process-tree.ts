import type { Files } from '../host/files.ts';
import { listProc, parseStat, readProc } from './proc-files.ts';

/** Follows a process and all that come from it, also those whose parents have ended since. */
export interface ProcessTree {
  /** Those that exist now, the first one first. */
  readonly look: () => readonly number[];
}

export function processTree(files: Pick<Files, 'read' | 'list'>, root: number): ProcessTree {
  /** With the times they started at: numbers are given again. */
  const known = new Map<number, string>();
  return {
    look: () => {
      const found: number[] = [];
      const seen = new Set<number>();
      const open = [root, ...known.keys()];
      for (let pid = open.shift(); pid !== undefined; pid = open.shift()) {
        if (seen.has(pid)) continue;
        seen.add(pid);
        const startTime = parseStat(readProc(files, `/proc/${pid}/stat`) ?? '')?.startTime;
        if (startTime === undefined || (known.get(pid) ?? startTime) !== startTime) {
          known.delete(pid);
          continue;
        }
        known.set(pid, startTime);
        found.push(pid);
        open.unshift(...childrenOf(files, pid));
      }
      return found;
    },
  };
}

function childrenOf(files: Pick<Files, 'read' | 'list'>, pid: number): number[] {
  return listProc(files, `/proc/${pid}/task`).flatMap((tid) => {
    const text = readProc(files, `/proc/${pid}/task/${tid}/children`) ?? '';
    return text
      .split(' ')
      .filter((word) => /^\d+$/.test(word))
      .map(Number);
  });
}
