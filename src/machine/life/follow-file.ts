import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../../host/host.ts';

export interface FollowOptions {
  /** Bytes to skip. */
  readonly from: number;
  /** Goes on with what comes, until this says that nothing more will. */
  readonly isOver: () => boolean;
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks. */
const pauseMs = 200;
const atOnce = 256 * 1024;

/** What a file has from somewhere on, and what is appended to it. One that is emptied is read from its start again. */
export async function* followFile(
  { files }: Pick<Host, 'files'>,
  path: string,
  { from, isOver, signal }: FollowOptions,
): AsyncGenerator<Uint8Array> {
  let offset = from;
  for (;;) {
    // Asked before: what comes until then is read below.
    const last = isOver() || signal.aborted;
    const size = files.status(path)?.size ?? 0;
    if (size < offset) offset = 0;
    while (offset < size) {
      const chunk = files.readAt(path, offset, Math.min(size - offset, atOnce));
      if (chunk.length === 0) break;
      offset += chunk.length;
      yield chunk;
    }
    if (last) return;
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
