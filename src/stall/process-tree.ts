import type { Files } from '../host/files.ts';
import { listProc, parseStat, readProc } from './proc-files.ts';

/** Follows a process and all that come from it, also those whose parents have ended since. */
export interface ProcessTree {
  /** Those that exist now, the first one first. */
  readonly look: () => readonly number[];
}

/** @param mark a variable, `K=V`, which the first process was given, and by which those are found whose parents have ended before */
export function processTree(files: Pick<Files, 'read' | 'list'>, root: number, mark?: string): ProcessTree {
  /** With the times they started at: numbers are given again. */
  const known = new Map<number, string>();
  const marked = mark === undefined ? undefined : newMarked(files, mark);
  return {
    look: () => {
      const found: number[] = [];
      const seen = new Set<number>();
      const open = [root, ...known.keys(), ...(marked?.() ?? [])];
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

/** Looks at each process once: whose environment has the variable. */
function newMarked(files: Pick<Files, 'read' | 'list'>, mark: string): () => number[] {
  let seen: ReadonlySet<string> = new Set();
  return () => {
    const all = listProc(files, '/proc').filter((name) => /^\d+$/.test(name));
    const found = all.filter(
      (pid) => !seen.has(pid) && (readProc(files, `/proc/${pid}/environ`) ?? '').split('\0').includes(mark),
    );
    seen = new Set(all);
    return found.map(Number);
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
