import type { Wait } from './sample.ts';

/** What a guest's descriptors lead to. */
export interface Descriptors {
  /** What the link of a descriptor of this process says: `pipe:[1234]`. Undefined where it cannot be read. */
  readonly target: (descriptor: number) => string | undefined;
  /** Whether this process of ours, which the guest was started by, has it open, too: then its other end may be anywhere. */
  readonly isShared: (target: string) => boolean;
  /** Whether both ends of the socket are the guest's own: made by socketpair(2). */
  readonly isOwnPair: (socket: string) => boolean;
}

/** What a wait for a descriptor is a wait for. */
export function descriptorWait(
  { target, isShared, isOwnPair }: Descriptors,
  descriptor: number,
  hasChildren: boolean,
): Wait {
  const text = target(descriptor);
  if (text === undefined) return { kind: 'unknown', text: 'unreadable' };
  if (isShared(text)) return { kind: 'outside', text: `${text}, given from outside` };
  if (text.startsWith('pipe:') || text === 'anon_inode:[eventfd]') return { kind: 'inside', text };
  if (text.startsWith('socket:')) return { kind: isOwnPair(text) ? 'inside' : 'outside', text };
  if (text === 'anon_inode:[timerfd]') return { kind: 'time', text };
  if (text === 'anon_inode:[signalfd]') return { kind: hasChildren ? 'inside' : 'outside', text };
  return { kind: 'outside', text };
}
