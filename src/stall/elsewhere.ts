import { endsOf, eventOf, type PipeEnd } from './descriptor.ts';
import { listProc, readProc, readProcLink, type ProcFiles } from './proc-files.ts';
import type { Awaited, Sample } from './sample.ts';

/** What a process has open, as it is known in all processes. */
export interface Held {
  readonly target: string;
  readonly ends: readonly PipeEnd[] | undefined;
}

/**
 * Who, beside the guest's own processes, can end a wait of theirs: a process that has the other end of a pipe, of a socket pair or of an
 * event. Looks at every process of the machine.
 *
 * @returns one clause
 */
export function holderElsewhere(files: ProcFiles, { processes }: Sample): string | undefined {
  const awaited = processes.flatMap(({ threads }) => threads.flatMap(({ wait }) => wait.on ?? []));
  if (awaited.length === 0) return undefined;
  const own = new Set(processes.map(({ pid }) => pid));
  for (const pid of listProc(files, '/proc').filter((name) => /^\d+$/.test(name))) {
    if (own.has(Number(pid))) continue;
    const held = heldBy(files, pid).find((one) => awaited.some((what) => isOf(what, one)));
    if (held !== undefined)
      return `process ${pid}, which is not known as the guest's, has ${held.target} open`;
  }
  return undefined;
}

/** Pipes, sockets and events that a process has open. */
export function heldBy(files: ProcFiles, pid: string): Held[] {
  return listProc(files, `/proc/${pid}/fd`).flatMap((descriptor) => {
    const target = readProcLink(files, `/proc/${pid}/fd/${descriptor}`) ?? '';
    const info = (): string => readProc(files, `/proc/${pid}/fdinfo/${descriptor}`) ?? '';
    if (target.startsWith('pipe:')) return [{ target, ends: endsOf(info()) }];
    if (target.startsWith('socket:')) return [{ target, ends: undefined }];
    const event = target === 'anon_inode:[eventfd]' ? eventOf(info()) : undefined;
    return event === undefined ? [] : [{ target: event, ends: undefined }];
  });
}

function isOf({ target, end }: Awaited, held: Held): boolean {
  return held.target === target && (end === undefined || held.ends === undefined || held.ends.includes(end));
}
