import { AnyarchError } from '../../core/error.ts';

/** What the guest and all its processes together may use. */
export interface GuestLimits {
  /** Bytes of memory, swap not counted. */
  readonly memoryBytes?: number;
  /** Processors' worth of time: 1.5 is one and a half. */
  readonly cpus?: number;
  /** Processes and threads at once. */
  readonly pids?: number;
}

/** Units of memory as docker's and podman's command lines have them. */
const units: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
/** No program of an emulator starts with less; the kernel would kill it without a word. */
const leastMemory = 4 * 2 ** 20;

/**
 * Reads what the options `--memory`, `--cpus` and `--pids-limit` say.
 *
 * @returns undefined where none of them is given
 * @throws AnyarchError ANYARCH_USAGE
 */
export function parseLimits(texts: {
  readonly memory?: string | undefined;
  readonly cpus?: string | undefined;
  readonly pids?: string | undefined;
}): GuestLimits | undefined {
  const limits: GuestLimits = {
    ...(texts.memory === undefined ? {} : { memoryBytes: parseMemory(texts.memory) }),
    ...(texts.cpus === undefined ? {} : { cpus: parseCpus(texts.cpus) }),
    ...(texts.pids === undefined ? {} : { pids: parsePids(texts.pids) }),
  };
  return Object.keys(limits).length === 0 ? undefined : limits;
}

function parseMemory(text: string): number {
  const [, digits = '', unit = 'b'] = /^(\d{1,15}(?:\.\d{1,3})?)(?:([bkmgt])(?:i?b)?)?$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(digits) * (units[unit.toLowerCase()] ?? 1));
  if (digits !== '' && Number.isSafeInteger(bytes) && bytes >= leastMemory) return bytes;
  throw wrong('--memory', text, `a size of at least ${leastMemory >> 20}m: 512m, 2g`);
}

function parseCpus(text: string): number {
  const cpus = /^\d{1,5}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  // The kernel counts in periods of 100 ms and refuses less than one of 1 ms.
  if (cpus >= 0.01) return cpus;
  throw wrong('--cpus', text, 'a number of processors, 0.01 or more: 1.5');
}

function parsePids(text: string): number {
  const pids = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (pids >= 1) return pids;
  throw wrong('--pids-limit', text, 'a number of processes: 200');
}

function wrong(option: string, text: string, wanted: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', `${option}: "${text}" is no limit`, { hint: `give ${wanted}` });
}
