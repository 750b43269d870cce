import type { Wait } from './sample.ts';

/** FUTEX_WAKE and others that do not wait: include/uapi/linux/futex.h */
const commandMask = 0x7f;

/** @param operation the call's second argument @param timeout address of its time limit, 0 without one */
export function futexWait(operation: number, timeout: number): Wait {
  const command = operation & commandMask;
  const lock = command === 6 || command === 13 ? ', for a lock that inherits priority' : '';
  return timeout === 0
    ? { kind: 'inside', text: `futex, without a time limit${lock}` }
    : { kind: 'nap', text: `futex, with a time limit${lock}` };
}
