import { readFileSync, readdirSync } from 'node:fs';

/** A process that cannot be mistaken for another one that got its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since the machine's start. */
  readonly startTime: string;
}

/** Undefined when there is none. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = statFields(pid)?.[19];
  return startTime === undefined ? undefined : { pid, startTime };
}

export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return identify(pid)?.startTime === startTime && statFields(pid)?.[0] !== 'Z';
}

/** The words, with blanks between them; empty for a process that is gone. */
export function commandLine(pid: number | string): string {
  return readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
}

/** The environment that it was started with. */
export function environmentOf(pid: number): string[] {
  return readProc(pid, 'environ').split('\0');
}

export function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

export function parentOf(pid: number): number | undefined {
  const field = statFields(pid)?.[1];
  return field === undefined ? undefined : Number(field);
}

/** From the state on, which follows the name in parentheses: proc(5). */
function statFields(pid: number): string[] | undefined {
  const text = readProc(pid, 'stat');
  return text === '' ? undefined : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Processes end, and others belong to somebody else, while one looks at them. */
function readProc(pid: number | string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
