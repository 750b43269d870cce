import type { Host } from '../host/host.ts';
import { here } from './here.ts';
import { readLedger } from './ledger.ts';
import type { Wish } from './ledger-document.ts';

/**
 * What was asked to be there before the machine booted last, and not since: a boot empties the table. Only until the next
 * registration, which tidies up.
 *
 * @throws AnyarchError ANYARCH_LEDGER_INVALID
 */
export function readFormerWishes(host: Pick<Host, 'files'>, state: string): readonly Wish[] {
  const { boot } = here(host);
  const { wishes } = readLedger(host, state);
  const present = wishes.filter((wish) => wish.place.boot === boot).map(({ architecture }) => architecture);
  return wishes.filter(
    ({ place, architecture }) => place.boot !== boot && boot !== '' && !present.includes(architecture),
  );
}
