import type { Wait } from './sample.ts';

/** FUTEX_WAKE and others that do not wait: include/uapi/linux/futex.h */
const commandMask = 0x7f;
const privateFlag = 0x80;

/**
 * @param operation the call's second argument @param timeout address of its time limit, 0 without one
 * @param isShared whether the futex lies in memory that processes beside the guest's may have
 */
export function futexWait(operation: number, timeout: number, isShared: () => boolean): Wait {
  const command = operation & commandMask;
  const lock = command === 6 || command === 13 ? ', for a lock that inherits priority' : '';
  if (timeout !== 0) return { kind: 'time', text: `futex, with a time limit${lock}` };
  return (operation & privateFlag) === 0 && isShared()
    ? { kind: 'outside', text: `futex, in shared memory${lock}` }
    : { kind: 'inside', text: `futex, without a time limit${lock}` };
}
