import { readFileSync, readlinkSync } from 'node:fs';

/** A process, so that what it leaves behind can be told from what it still works on. Fits into a file name. */
export type OwnerToken = string;

/** A file of another pid namespace's process is taken for abandoned when nothing was written to it for so long. */
const foreignAbandonedMs = 120_000;

let own: OwnerToken | undefined;

/** This process: pid namespace, pid, start time. */
export function ownToken(): OwnerToken {
  own ??= `${pidNamespace()}-${process.pid}-${startTime('self') ?? 0}`;
  return own;
}

/**
 * Whether the process that the token names is gone.
 *
 * @param modifiedMs when its file was last written to, for processes of another pid namespace, which cannot be seen
 */
export function isAbandoned(token: OwnerToken, modifiedMs: number, nowMs = Date.now()): boolean {
  const match = /^(\d+)-(\d+)-(\d+)$/.exec(token);
  if (match === null) return nowMs - modifiedMs > foreignAbandonedMs;
  const [, namespace, pid = '', started] = match;
  if (namespace !== pidNamespace()) return nowMs - modifiedMs > foreignAbandonedMs;
  // A pid alone does not name a process: it is reused, after a reboot at the latest.
  return startTime(pid) !== started;
}

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    // No /proc: then no process can be looked up, and the age of its file decides.
    return '0';
  }
}

/** Clock ticks since boot (proc(5), field 22 of stat). Undefined for a process that is gone or a zombie. */
function startTime(pid: string): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses and may itself contain both.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}
