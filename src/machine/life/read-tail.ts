import type { Host } from '../../host/host.ts';

/** Bytes that a text may come from: what V8 takes as one string is half a gigabyte. */
export const longestTail = 64 * 2 ** 20;
/** Bytes that are looked at first. */
const firstLook = 64 * 1024;

export interface Tail {
  readonly text: string;
  /** Bytes before it that were not looked at. */
  readonly omittedBytes: number;
}

/**
 * The end of a file that may be larger than memory: a guest that prints without end makes such a one.
 *
 * @param shown what becomes of its text
 * @param lines of what is shown; undefined for all, up to `longestTail` bytes
 * @param size bytes of the file to look at
 */
export function readTail(
  { files }: Pick<Host, 'files'>,
  path: string,
  {
    shown,
    lines,
    size,
  }: { readonly shown: (text: string) => string; readonly lines?: number | undefined; readonly size: number },
): Tail {
  const most = Math.min(size, longestTail);
  for (
    let length = lines === undefined ? most : Math.min(firstLook, most);
    ;
    length = Math.min(length * 8, most)
  ) {
    const omittedBytes = size - length;
    const bytes = length === 0 ? new Uint8Array(0) : files.readAt(path, omittedBytes, length);
    const text = shown(new TextDecoder().decode(bytes));
    if (lines === undefined) return { text, omittedBytes };
    const all = text.split('\n');
    const wanted = lines + (all.at(-1) === '' ? 1 : 0);
    // The first one may be the end of one.
    if (all.length > wanted || length === most) return { text: all.slice(-wanted).join('\n'), omittedBytes };
  }
}
