import { longestLine } from './log-line.ts';

/** Cuts a stream into lines and keeps no more of it than one line may have. */
export interface LineSplitter {
  /** @returns the lines that end in this chunk, without their line feeds; undefined stands for one that was too long */
  push(chunk: Uint8Array): (Uint8Array | undefined)[];
  /** Whether there is a line that has begun and not ended. */
  isInside(): boolean;
}

const lineFeed = 0x0a;

export function lineSplitter(): LineSplitter {
  let begun: Uint8Array = new Uint8Array(0);
  let isTooLong = false;
  const add = (part: Uint8Array): void => {
    if (begun.length + part.length >= longestLine) {
      isTooLong = true;
      begun = new Uint8Array(0);
    } else if (!isTooLong) {
      begun = concatenate(begun, part);
    }
  };
  return {
    push: (chunk) => {
      const lines: (Uint8Array | undefined)[] = [];
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
        add(chunk.subarray(start, end));
        lines.push(isTooLong ? undefined : begun);
        begun = new Uint8Array(0);
        isTooLong = false;
        start = end + 1;
      }
      add(chunk.subarray(start));
      return lines;
    },
    isInside: () => isTooLong || begun.length > 0,
  };
}

/** A copy, also of an empty first part: chunks are the reader's buffers, which it uses again. */
function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
