import type { Wait } from './sample.ts';
import { descriptorWait, type Descriptors } from './descriptor.ts';
import { futexWait } from './futex.ts';
import {
  epollDescriptors,
  polledDescriptors,
  selectedDescriptors,
  type OfProcess,
} from './waited-descriptors.ts';
import type { WaitingCall } from './waiting-call.ts';

/** What is known of a thread that is in a system call. */
export interface InCall extends OfProcess {
  readonly call: WaitingCall;
  readonly arguments: readonly number[];
  readonly hasChildren: boolean;
  readonly descriptors: Descriptors;
  /** Whether an address lies in memory that processes beside the guest's may have. */
  readonly isShared: (address: number) => boolean;
}

/** What a thread waits for by the call that it is in. */
export function waitIn(thread: InCall): Wait {
  const { call, arguments: words, hasChildren } = thread;
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = words;
  switch (call) {
    case 'futex':
      return futexWait(second, fourth, () => thread.isShared(first));
    case 'nanosleep':
      return { kind: 'time', text: call };
    // What a stop and a continue interrupt is restarted by the second, and had a time limit.
    case 'clock_nanosleep':
    case 'restart_syscall':
      return { kind: 'time', text: call };
    case 'wait4':
    case 'waitid':
      return { kind: 'inside', text: `${call}, for a child`, isForChild: true };
    case 'vfork':
    case 'clone':
      return { kind: 'inside', text: `${call}, until the child executes a program`, isForChild: true };
    case 'pause':
    case 'rt_sigsuspend':
      return signalWait(call, hasChildren);
    case 'rt_sigtimedwait':
      return third !== 0 ? { kind: 'time', text: call } : signalWait(call, hasChildren);
    case 'poll':
      return descriptorsWait(thread, polledDescriptors(thread, first, second), isTimed32(third));
    case 'ppoll':
      return descriptorsWait(thread, polledDescriptors(thread, first, second), third !== 0);
    case 'select':
    case 'pselect6':
      return descriptorsWait(
        thread,
        selectedDescriptors(thread, first, [second, third, fourth]),
        fifth !== 0,
      );
    case 'epoll_wait':
    case 'epoll_pwait':
      return descriptorsWait(thread, epollDescriptors(thread, first), isTimed32(fourth));
    case 'epoll_pwait2':
      return descriptorsWait(thread, epollDescriptors(thread, first), fourth !== 0);
    case 'accept':
    case 'accept4':
    case 'connect':
      return { kind: 'outside', text: `${call} on descriptor ${first}` };
    case 'read':
    case 'readv':
    case 'pread64':
    case 'write':
    case 'writev':
    case 'pwrite64':
    case 'recvfrom':
    case 'recvmsg':
    case 'recvmmsg':
    case 'sendto':
    case 'sendmsg':
    case 'sendmmsg':
      return onDescriptor(thread, first);
  }
}

function onDescriptor({ call, descriptors, hasChildren }: InCall, descriptor: number): Wait {
  const wait = descriptorWait(descriptors, descriptor, hasChildren);
  return { ...wait, text: `${call} on descriptor ${descriptor} (${wait.text})` };
}

/** With children, SIGCHLD is what shells wait for. */
function signalWait(call: string, hasChildren: boolean): Wait {
  return hasChildren
    ? { kind: 'inside', text: `${call}, for a child` }
    : { kind: 'outside', text: `${call}, for a signal` };
}

/** An event loop that wakes up by itself is no thread that others have left hanging. */
function descriptorsWait(
  { call, descriptors, hasChildren }: InCall,
  waitedFor: readonly number[] | undefined,
  isTimed: boolean,
): Wait {
  if (isTimed) return { kind: 'time', text: `${call}, with a time limit` };
  if (waitedFor === undefined) return { kind: 'unknown', text: `${call} on descriptors that cannot be read` };
  if (waitedFor.length === 0) return signalWait(call, hasChildren);
  const all = waitedFor.map((descriptor) => ({
    descriptor,
    wait: descriptorWait(descriptors, descriptor, hasChildren),
  }));
  const chosen = all.find(({ wait }) => wait.kind !== 'inside') ?? all[0];
  const shown = all
    .slice(0, 8)
    .map(({ descriptor, wait }) => `${descriptor} (${wait.text})`)
    .join(', ');
  const on = all.flatMap(({ wait }) => wait.on ?? []);
  return {
    kind: chosen?.wait.kind ?? 'unknown',
    text: `${call} on ${shown}`,
    ...(on.length === 0 ? {} : { on }),
  };
}

/** A C int in a register: milliseconds, or negative for ever. */
function isTimed32(word: number): boolean {
  return word >>> 0 < 0x8000_0000;
}
