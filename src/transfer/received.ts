import type { Readable } from 'node:stream';

/** Bytes that may wait for a slow reader. */
const maximumWaiting = 1 << 20;

/**
 * What a stream delivers, in order, and only then the error that it ended with. A stream's own iterator throws away what
 * had arrived before the error, so that a download over a bad line would never get on.
 */
export function received(stream: Readable): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = [];
  let bytes = 0;
  let end: { readonly error: Error | null | undefined } | undefined;
  let wake = (): void => undefined;
  stream.on('data', (chunk: Uint8Array) => {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes > maximumWaiting) stream.pause();
    wake();
  });
  const finish = (error?: Error) => {
    end ??= { error };
    wake();
  };
  stream.on('end', finish).on('error', finish).on('close', finish);
  // It may have ended before anybody could listen.
  if (stream.destroyed) end = { error: stream.errored };

  async function* deliver(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = waiting.shift();
        if (chunk !== undefined) {
          bytes -= chunk.length;
          if (bytes <= maximumWaiting) stream.resume();
          yield chunk;
        } else if (end !== undefined) {
          if (end.error instanceof Error) throw end.error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      stream.destroy();
    }
  }
  return deliver();
}
