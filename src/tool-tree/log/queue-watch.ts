/**
 * Tells whether the queue of a listening socket may have been full. The kernel does not say: who finds it full is refused, and
 * an interposer then goes on without a word. But the one that got its last place has told when it came, and as many
 * connections as the queue has places were accepted between that moment and its own turn.
 */
export interface QueueWatch {
  /**
   * To be called with each connection that is accepted.
   *
   * @param nowMs milliseconds since the epoch
   * @returns whether one that came at that time (milliseconds since the epoch) may have found the queue full, or nearly so
   */
  accepted(nowMs: number): (cameAtMs: number) => boolean;
}

/** @param places of the queue */
export function queueWatch(places: number): QueueWatch {
  // Others may be between their look at the clock and their connecting.
  const many = Math.max(1, Math.floor((places * 3) / 4));
  const times = new Float64Array(many).fill(Number.NEGATIVE_INFINITY);
  let count = 0;
  return {
    accepted: (nowMs) => {
      const index = count % many;
      const earlier = times[index] ?? Number.NEGATIVE_INFINITY;
      times[index] = nowMs;
      count += 1;
      return (cameAtMs) => Math.floor(cameAtMs) <= earlier;
    },
  };
}
