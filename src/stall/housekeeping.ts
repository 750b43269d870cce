import type { Wait } from './sample.ts';
import type { Signals } from './signals.ts';

/** Threads of the JVM, by the names that its source gives them, of which the kernel keeps 15 characters. */
const named =
  /^(?:VM Periodic Tas|VM Thread|GC Thread#|G1 |C[12] CompilerThre|Monitor Deflati|Service Thread)/;

/** Takes the waits of threads that only look after others for naps: those of the JVM, and Go's sysmon, which has no name. */
export function housekeepingWait(wait: Wait, name: string, call: string, { areAll }: Signals): Wait {
  if (wait.kind !== 'time') return wait;
  const isNap = named.test(name) || (areAll && call === 'nanosleep');
  return isNap ? { ...wait, kind: 'nap' } : wait;
}
