import { parseJson } from '../core/json.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Files } from './files.ts';
import { ignoring } from './system-error.ts';

/** Which process it is, so that another one with the same number is not taken for it. */
export interface ProcessIdentity {
  /** As /proc counts it, in `pidNamespace`. */
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks after the boot. */
  readonly startTime: string;
  /** /proc/sys/kernel/random/boot_id */
  readonly bootId: string;
  /** What /proc/self/ns/pid links to. */
  readonly pidNamespace: string;
}

export interface LockHolder extends ProcessIdentity {
  /** Tells this acquisition from every other one; part of a file's name. */
  readonly nonce: string;
  /** It holds its file open and locked: whoever wants to know asks for the lock (`Files.isHeld`). */
  readonly locked?: boolean | undefined;
}

export function ownIdentity(files: Files): ProcessIdentity {
  const stat = parseStat(files, 'self');
  if (stat === undefined) throw new Error('/proc/self/stat is missing: /proc is not mounted');
  return { ...stat.process, ...ownPlace(files) };
}

/**
 * False only when the process is known to be gone: by its lock where there are such, else by its number and its start. One
 * in another pid namespace without a lock counts as running.
 *
 * @param path of the file that names it
 */
export function isRunning(files: Files, holder: LockHolder, path: string): boolean {
  const { pid, startTime, bootId, pidNamespace, locked } = holder;
  // Holds in other pid and time namespaces, too, and for what seems to be another boot: it may be another machine.
  const isHeld = locked === true ? ignoring(['ENOENT'], () => files.isHeld?.(path)) : undefined;
  if (isHeld !== undefined) return isHeld;
  const here = ownPlace(files);
  const isBefore = bootId !== here.bootId;
  if (isBefore || pidNamespace !== here.pidNamespace) return !isBefore;
  const stat = parseStat(files, pid);
  if (stat?.process.startTime !== startTime) return false;
  // A zombie has run to its end and waits for its parent only.
  return !['Z', 'X'].includes(stat.state);
}

/** Whether the process cannot be seen from here. */
export function isElsewhere(files: Files, { bootId, pidNamespace }: ProcessIdentity): boolean {
  const here = ownPlace(files);
  return bootId !== here.bootId || pidNamespace !== here.pidNamespace;
}

/** Undefined for anything that is no holder's text, such as one that is not completely written. */
export function parseHolder(text: string): LockHolder | undefined {
  const value = parseJson(text);
  return isHolder(value) ? value : undefined;
}

function isHolder(value: unknown): value is LockHolder {
  const { pid, startTime, bootId, pidNamespace, nonce } = (value ?? {}) as Partial<
    Record<keyof LockHolder, unknown>
  >;
  if (!Number.isInteger(pid) || typeof nonce !== 'string') return false;
  // The nonce becomes part of a path.
  return (
    [startTime, bootId, pidNamespace].every((text) => typeof text === 'string') && /^[0-9a-z-]+$/.test(nonce)
  );
}

function ownPlace(files: Files): Pick<ProcessIdentity, 'bootId' | 'pidNamespace'> {
  return {
    bootId: decodeUtf8(files.read('/proc/sys/kernel/random/boot_id')).trim(),
    pidNamespace: files.readLink('/proc/self/ns/pid'),
  };
}

function parseStat(
  files: Files,
  pid: number | 'self',
): { process: Pick<ProcessIdentity, 'pid' | 'startTime'>; state: string } | undefined {
  const text = ignoring(['ENOENT', 'ESRCH'], () => decodeUtf8(files.read(`/proc/${pid}/stat`)));
  if (text === undefined) return undefined;
  // The name in parentheses may contain spaces and parentheses itself; the fields behind it start with the third.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = ''] = fields;
  const startTime = fields[22 - 3] ?? '';
  return { process: { pid: Number.parseInt(text, 10), startTime }, state };
}
