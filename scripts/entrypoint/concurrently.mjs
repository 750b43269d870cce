import { availableParallelism } from 'node:os';

/**
 * As many at a time as the machine has processors; the results in the order of the items.
 *
 * @template T, R @param {readonly T[]} items @param {(item: T) => Promise<R>} action @returns {Promise<R[]>}
 */
export async function concurrently(items, action) {
  /** @type {R[]} */
  const results = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await action(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
