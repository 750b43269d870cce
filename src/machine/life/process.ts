import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import type { System } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';

interface Parts {
  readonly files: Files;
  readonly system: Pick<System, 'uid' | 'pid'>;
}

/** What tells a process from a later one of the same number. */
export interface StartedProcess {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat (proc_pid_stat(5)). */
  readonly startTicks: number;
}

/** Undefined for a process that is gone, or waits for its parent only. */
export function lookAtProcess(files: Files, pid: number): StartedProcess | undefined {
  const text = ignoring(['ENOENT', 'ESRCH'], () => decodeUtf8(files.read(`/proc/${pid}/stat`)));
  if (text === undefined) return undefined;
  // The name in parentheses may contain spaces and parentheses itself; the fields behind it start with the third.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { pid, startTicks: Number(fields[22 - 3]) };
}

export function bootId(files: Files): string {
  return decodeUtf8(files.read('/proc/sys/kernel/random/boot_id')).trim();
}

/** Processes of this user, without this one, in whose command lines a directory is: all that serve a machine. */
export function processesThatName({ files, system }: Parts, directory: string): NamedProcess[] {
  return files.list('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === system.pid) return [];
    const words = commandOf(files, pid);
    if (!words.some((word) => word.includes(`${directory}/`))) return [];
    if (files.status(`/proc/${pid}`)?.uid !== system.uid) return [];
    const found = lookAtProcess(files, pid);
    return found === undefined ? [] : [{ ...found, command: words }];
  });
}

export interface NamedProcess extends StartedProcess {
  readonly command: readonly string[];
}

function commandOf(files: Files, pid: number): string[] {
  const text = ignoring(['ENOENT', 'ESRCH', 'EACCES', 'ENOTDIR'], () =>
    decodeUtf8(files.read(`/proc/${pid}/cmdline`)),
  );
  return text === undefined || text === '' ? [] : text.replace(/\0$/, '').split('\0');
}
