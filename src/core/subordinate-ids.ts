/** Ranges of ids that a user may map into namespaces of the own: /etc/subuid and /etc/subgid (subuid(5)). */
export interface SubordinateRange {
  readonly start: number;
  readonly count: number;
}

export interface OwnedRange extends SubordinateRange {
  /** A name or a number. */
  readonly owner: string;
}

/** Where login.defs(5) lets them begin and how many useradd(8) gives to a user. */
const firstId = 100_000;
const usualCount = 65_536;
/** Ids are 32 bits wide, and the last one means "none". */
const lastId = 0xffff_fffe;

/** The ranges of a user in the text of /etc/subuid or /etc/subgid. Lines that are none are left out. */
export function subordinateRanges(text: string, user: string, uid: number): SubordinateRange[] {
  return ownedRanges(text).flatMap(({ owner, ...range }) =>
    owner === user || owner === `${uid}` ? [range] : [],
  );
}

/** A range of the usual size that nobody has in any of the texts; undefined where there is none left. */
export function freeRange(texts: readonly string[]): SubordinateRange | undefined {
  const ends = texts.flatMap(ownedRanges).map(({ start, count }) => start + count);
  const start = Math.max(firstId, ...ends);
  return start + usualCount - 1 > lastId ? undefined : { start, count: usualCount };
}

/** Ranges that have ids in common: each with the next one in order, where that begins in it. Empty only where none overlap. */
export function overlaps(ranges: readonly OwnedRange[]): [OwnedRange, OwnedRange][] {
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  return sorted.flatMap((first, index) => {
    const next = sorted[index + 1];
    return next !== undefined && next.start < first.start + first.count ? [[first, next]] : [];
  });
}

/** Every range in the text of /etc/subuid or /etc/subgid. Lines that are none are left out. */
export function ownedRanges(text: string): OwnedRange[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([^:]+):(\d+):(\d+)\s*$/.exec(line);
    const [, owner = '', start, count] = match ?? [];
    const range = { owner, start: Number(start), count: Number(count) };
    return match !== null && Number.isSafeInteger(range.start + range.count) && range.count > 0
      ? [range]
      : [];
  });
}
