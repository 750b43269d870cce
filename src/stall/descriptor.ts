import type { Awaited, Wait } from './sample.ts';

/** What a guest's descriptors lead to. */
export interface Descriptors {
  /** What the link of a descriptor of this process says: `pipe:[1234]`. Undefined where it cannot be read. */
  readonly target: (descriptor: number) => string | undefined;
  /** What /proc/PID/fdinfo says of it; undefined where it cannot be read. */
  readonly info: (descriptor: number) => string | undefined;
  /** Whether this process of ours, which the guest was started by, has it open, too: then its other end may be anywhere. */
  readonly isShared: (target: string) => boolean;
  /** Whether both ends of the socket are the guest's own: made by socketpair(2). */
  readonly isOwnPair: (socket: string) => boolean;
  /** Whether a process of the guest has that end of the pipe open. */
  readonly isHeld: (pipe: string, end: PipeEnd) => boolean;
}

export type PipeEnd = 'read' | 'write';

/** What a wait for a descriptor is a wait for. */
export function descriptorWait(descriptors: Descriptors, descriptor: number, hasChildren: boolean): Wait {
  const text = descriptors.target(descriptor);
  if (text === undefined) return { kind: 'unknown', text: 'unreadable' };
  if (descriptors.isShared(text)) return { kind: 'outside', text: `${text}, given from outside` };
  if (text.startsWith('pipe:')) return pipeWait(descriptors, descriptor, text);
  if (text === 'anon_inode:[eventfd]') {
    const id = eventOf(descriptors.info(descriptor) ?? '');
    return { kind: 'inside', text, ...(id === undefined ? {} : { on: [{ target: id }] }) };
  }
  if (text.startsWith('socket:')) return socketWait(descriptors, text);
  if (text === 'anon_inode:[timerfd]') return { kind: 'time', text };
  if (text === 'anon_inode:[signalfd]') return { kind: hasChildren ? 'inside' : 'outside', text };
  return { kind: 'outside', text };
}

/** The ends of a pipe that a descriptor stands for, by the `flags` of fdinfo; undefined where they are not told. */
export function endsOf(info: string): readonly PipeEnd[] | undefined {
  const flags = /^flags:\s*([0-7]+)/m.exec(info)?.[1];
  if (flags === undefined) return undefined;
  // O_ACCMODE
  const modes: readonly (readonly PipeEnd[])[] = [['read'], ['write'], ['read', 'write']];
  return modes[Number.parseInt(flags, 8) & 3];
}

/** What an eventfd is known by in all processes: all have the same link. */
export function eventOf(info: string): string | undefined {
  const id = /^eventfd-id:\s*(\d+)/m.exec(info)?.[1];
  return id === undefined ? undefined : `eventfd:[${id}]`;
}

/** Who waits for a pipe whose other end nobody of the guest has waits for somebody who is not known: it would be at its end otherwise. */
function pipeWait(descriptors: Descriptors, descriptor: number, pipe: string): Wait {
  const ends = endsOf(descriptors.info(descriptor) ?? '');
  if (ends === undefined) return { kind: 'unknown', text: `${pipe}, of which no more is told` };
  const [own] = ends;
  const other: PipeEnd = own === 'read' ? 'write' : 'read';
  if (ends.length === 1 && !descriptors.isHeld(pipe, other))
    return { kind: 'outside', text: `${pipe}, whose other end is not in the guest` };
  return { kind: 'inside', text: pipe, on: [{ target: pipe, ...(ends.length === 1 ? { end: other } : {}) }] };
}

function socketWait({ isOwnPair }: Descriptors, socket: string): Wait {
  if (!isOwnPair(socket)) return { kind: 'outside', text: socket };
  const inode = Number(/\d+/.exec(socket)?.[0]);
  const others = [inode - 1, inode + 1].map((one) => `socket:[${one}]`).filter(isOwnPair);
  return { kind: 'inside', text: socket, on: others.map((target): Awaited => ({ target })) };
}
