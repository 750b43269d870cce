import { fact } from '../examination.ts';
import { textOf } from './read-text.ts';

/** Soft limits of this process, which its children have, too (getrlimit(2)). Undefined: unlimited, or not to be read. */
export interface ProcessLimits {
  /** Bytes (`ulimit -v` counts KiB). */
  readonly addressSpace: number | undefined;
  /** Processes and threads of the user (`ulimit -u`). */
  readonly processes: number | undefined;
  /** Bytes of one file (`ulimit -f`). */
  readonly fileSize: number | undefined;
}

export const processLimits = fact(({ host }): ProcessLimits => {
  const text = textOf(host, '/proc/self/limits') ?? '';
  return {
    addressSpace: softLimit(text, 'Max address space'),
    processes: softLimit(text, 'Max processes'),
    fileSize: softLimit(text, 'Max file size'),
  };
});

/** Lines of /proc/PID/limits: `Max address space         1024000000           unlimited            bytes`. */
function softLimit(text: string, name: string): number | undefined {
  const [, soft] = new RegExp(`^${name}\\s+(\\S+)\\s`, 'm').exec(text) ?? [];
  return soft === undefined || !/^\d+$/.test(soft) ? undefined : Number(soft);
}
