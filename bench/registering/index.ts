import { inNamespaces } from '../in-namespaces.ts';
import type { Measurement } from '../measure.ts';
import type { Order } from './inside.ts';

/** Registering all targets, in a table of its own. */
export async function measureRegistering(order: Order): Promise<Measurement[]> {
  return (await inNamespaces(new URL('inside.ts', import.meta.url), order)) as Measurement[];
}
