import type { Readable } from 'node:stream';

/**
 * The first line of a stream, without its line feed; what follows stays in the stream.
 *
 * @param longest characters that it may have
 * @returns undefined where the stream ends before, or the line is longer
 */
export async function readLine(stream: Readable, longest: number): Promise<string | undefined> {
  let bytes = Buffer.alloc(0);
  return await new Promise((resolve) => {
    const done = (line: string | undefined): void => {
      stream.off('readable', read);
      stream.off('end', ended);
      resolve(line);
    };
    const ended = (): void => {
      done(undefined);
    };
    const read = (): void => {
      for (let chunk = nextOf(stream); chunk !== undefined; chunk = nextOf(stream)) {
        bytes = Buffer.concat([bytes, chunk]);
        const end = bytes.indexOf(0x0a);
        if (end >= 0) {
          stream.unshift(bytes.subarray(end + 1));
          done(bytes.toString('utf8', 0, end));
          return;
        }
        if (bytes.length > longest) {
          done(undefined);
          return;
        }
      }
    };
    stream.on('readable', read);
    stream.once('end', ended);
  });
}

function nextOf(stream: Readable): Buffer | undefined {
  return (stream.read() as Buffer | null) ?? undefined;
}
