import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** What changes files, beside opening them to be written. The content of a temporary file matters to nobody. */
const changing = ['linkSync', 'mkdirSync', 'renameSync', 'rmSync', 'unlinkSync', 'writeSync'] as const;

type Call = (...args: unknown[]) => unknown;

/**
 * SIGKILL before this process's n-th call, counted from 0, that changes a file, a lock or the table, or starts a program.
 *
 * @returns how many there were so far
 */
export function killAtCall(n: number): () => number {
  let calls = 0;
  const counted =
    (call: Call, counts: (...args: unknown[]) => boolean = () => true): Call =>
    (...args) => {
      if (counts(...args)) {
        if (calls === n) process.kill(process.pid, 'SIGKILL');
        calls += 1;
      }
      return call(...args);
    };
  const own = fs as unknown as Record<string, Call>;
  for (const name of changing) own[name] = counted(own[name]!);
  own['openSync'] = counted(own['openSync']!, (_path, flags) => flags !== 'r' && flags !== undefined);
  const programs = childProcess as unknown as Record<string, Call>;
  programs['spawnSync'] = counted(programs['spawnSync']!);
  syncBuiltinESMExports();
  return () => calls;
}
