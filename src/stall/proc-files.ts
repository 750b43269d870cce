import { decodeUtf8 } from '../core/text.ts';
import type { Files } from '../host/files.ts';
import { ignoring } from '../host/system-error.ts';

export type ProcFiles = Pick<Files, 'read' | 'readAt' | 'readLink' | 'list'>;

/** What /proc/PID/stat says of a process or a thread: proc(5). */
export interface Stat {
  readonly name: string;
  readonly state: string;
  readonly parent: number;
  /** In clock ticks. */
  readonly user: number;
  readonly system: number;
  readonly startTime: string;
}

/** Processes end while one looks at them, and some of their files are only for those who may trace them. */
const passed = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'EIO', 'EINVAL', 'EFAULT', 'ENOTDIR'];

/** Undefined where it cannot be read. */
export function readProc(files: Pick<Files, 'read'>, path: string): string | undefined {
  return ignoring(passed, () => decodeUtf8(files.read(path)));
}

export function listProc(files: Pick<Files, 'list'>, path: string): readonly string[] {
  return ignoring(passed, () => files.list(path)) ?? [];
}

export function readProcLink(files: Pick<Files, 'readLink'>, path: string): string | undefined {
  return ignoring(passed, () => files.readLink(path));
}

/** A part of a process's memory; undefined where not all of it can be read. */
export function readMemory(
  files: Pick<Files, 'readAt'>,
  pid: number,
  address: number,
  length: number,
): DataView | undefined {
  const bytes = ignoring(passed, () => files.readAt(`/proc/${pid}/mem`, address, length));
  return bytes?.byteLength === length
    ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : undefined;
}

/** The name is whatever the program has made of it, parentheses and line ends included. */
export function parseStat(text: string): Stat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const [state, parent] = fields;
  const user = fields[11];
  const system = fields[12];
  const startTime = fields[19];
  if (
    state === undefined ||
    parent === undefined ||
    user === undefined ||
    system === undefined ||
    startTime === undefined
  )
    return undefined;
  return {
    name: text.slice(open + 1, close),
    state,
    parent: Number(parent),
    user: Number(user),
    system: Number(system),
    startTime,
  };
}
