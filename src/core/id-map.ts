/** One line of a uid_map or gid_map (user_namespaces(7)). */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** The lines of /proc/PID/uid_map or gid_map. */
export function parseIdMap(text: string): IdRange[] {
  return text.split('\n').flatMap((line) => {
    const [inside, outside, count] = line.trim().split(/\s+/).map(Number);
    return inside === undefined || outside === undefined || count === undefined
      ? []
      : [{ inside, outside, count }];
  });
}

/** What the id outside is called inside; undefined for one that is not mapped. */
export function idInside(map: readonly IdRange[], id: number): number | undefined {
  const range = map.find(({ outside, count }) => id >= outside && id < outside + count);
  return range === undefined ? undefined : range.inside + id - range.outside;
}
