import { inNamespaces } from '../in-namespaces.ts';
import type { Measurement } from '../measure.ts';
import type { Order } from './inside.ts';

/** What it costs to look whether all is as it was, in a table of its own. */
export async function measureWatching(order: Order): Promise<Measurement[]> {
  return (await inNamespaces(new URL('inside.ts', import.meta.url), order)) as Measurement[];
}
