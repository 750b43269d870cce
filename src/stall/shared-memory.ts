import type { Files } from '../host/files.ts';
import { readProc } from './proc-files.ts';

/** Memory that only a process and its children have, whatever else of it is shared. */
const inherited = '/dev/zero (deleted)';

/** Tells addresses in memory that processes beside a guest's own may have mapped, too: proc(5), maps. */
export function sharedMemory(files: Pick<Files, 'read'>, pid: number): (address: number) => boolean {
  let ranges: readonly (readonly [number, number])[] | undefined;
  return (address) => {
    ranges ??= sharedRanges(readProc(files, `/proc/${pid}/maps`) ?? '');
    return ranges.some(([from, below]) => address >= from && address < below);
  };
}

function sharedRanges(maps: string): (readonly [number, number])[] {
  return [...maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) [r-][w-][x-]s \S+ \S+ \d+\s*(.*)$/gm)].flatMap(
    ([, from = '', below = '', path]) =>
      path === inherited ? [] : [[Number.parseInt(from, 16), Number.parseInt(below, 16)] as const],
  );
}
