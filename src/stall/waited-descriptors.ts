import type { Files } from '../host/files.ts';
import { readMemory, readProc } from './proc-files.ts';

export interface OfProcess {
  readonly pid: number;
  readonly memory: Pick<Files, 'read' | 'readAt'>;
  readonly isLittleEndian: boolean;
}

/** More than a program waits for; a nonsensical number is not to take our memory. */
const most = 4096;

/** struct pollfd: a descriptor, and two 16-bit sets of events. */
export function polledDescriptors(process: OfProcess, address: number, count: number): number[] | undefined {
  if (count === 0) return [];
  const view = read(process, address, Math.min(count, most) * 8);
  if (view === undefined) return undefined;
  return Array.from({ length: view.byteLength / 8 }, (_, index) =>
    view.getInt32(index * 8, process.isLittleEndian),
  ).filter((descriptor) => descriptor >= 0);
}

/** fd_set: an array of longs, here of 64 bits. */
export function selectedDescriptors(
  process: OfProcess,
  count: number,
  addresses: readonly number[],
): number[] | undefined {
  const longs = Math.ceil(Math.min(count, most) / 64);
  if (longs === 0) return [];
  const found = new Set<number>();
  for (const address of addresses) {
    if (address === 0) continue;
    const view = read(process, address, longs * 8);
    if (view === undefined) return undefined;
    for (let descriptor = 0; descriptor < count && descriptor < longs * 64; descriptor += 1) {
      const long = view.getBigUint64(Math.floor(descriptor / 64) * 8, process.isLittleEndian);
      if (((long >> BigInt(descriptor % 64)) & 1n) === 1n) found.add(descriptor);
    }
  }
  return [...found];
}

/** proc(5), fdinfo: a line `tfd: 5 events: …` for each descriptor that an epoll watches. */
export function epollDescriptors({ pid, memory }: OfProcess, epoll: number): number[] | undefined {
  const text = readProc(memory, `/proc/${pid}/fdinfo/${epoll}`);
  if (text === undefined) return undefined;
  return [...text.matchAll(/^tfd:\s*(\d+)/gm)].map(([, number]) => Number(number));
}

function read({ pid, memory }: OfProcess, address: number, length: number): DataView | undefined {
  return readMemory(memory, pid, address, length);
}
