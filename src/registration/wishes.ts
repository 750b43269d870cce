import type { Host } from '../host/host.ts';
import type { Applied } from './apply-action.ts';
import { here, samePlace, type Place } from './here.ts';
import { readLedger, withLedgerLock, writeLedger } from './ledger.ts';
import type { Ledger, Wish } from './ledger-document.ts';
import type { FlagOptions } from './want.ts';

/** What a command changes about what is wished for here. */
export interface WishChange {
  /** Which are taken back, before anything is removed: nobody may bring that again. */
  readonly drops: (wish: Wish) => boolean;
  /** How what gets registered was asked for; undefined when nothing is to be kept up. */
  readonly asked?: (FlagOptions & { readonly qemu?: string | undefined }) | undefined;
}

export function dropWishes(ledger: Ledger, place: Place, drops: WishChange['drops']): Ledger {
  return { ...ledger, wishes: ledger.wishes.filter((wish) => !samePlace(wish.place, place) || !drops(wish)) };
}

/** With what was registered, or was there already. A wish that was made before keeps its time and its command. */
export function addWishes(
  ledger: Ledger,
  applied: readonly Applied[],
  asked: NonNullable<WishChange['asked']>,
  made: Pick<Wish, 'place' | 'at' | 'by'>,
): Ledger {
  const added = applied.flatMap(({ action: { kind, architecture, name }, error }): Wish[] => {
    if (error !== undefined || architecture === undefined || kind === 'remove' || kind === 'release')
      return [];
    const { credentials = false, fixBinary = true, preserveArgv0 = 'auto', qemu } = asked;
    return [{ architecture, credentials, fixBinary, preserveArgv0, qemu, entry: name, ...made }];
  });
  const isHere = (wish: Wish) => samePlace(wish.place, made.place);
  const fresh = added.filter((wish) => !ledger.wishes.some((one) => isHere(one) && isSameWish(one, wish)));
  const isReplaced = (wish: Wish) =>
    isHere(wish) && fresh.some(({ architecture }) => architecture === wish.architecture);
  return { ...ledger, wishes: [...ledger.wishes.filter((wish) => !isReplaced(wish)), ...fresh] };
}

/** What is taken back where no table is mounted, and so nothing can be removed. */
export function forgetWishes(host: Host, state: string, drops: WishChange['drops']): void {
  const place = here(host);
  const isDropped = (wish: Wish) => samePlace(wish.place, place) && drops(wish);
  if (!readLedger(host, state).wishes.some(isDropped)) return;
  withLedgerLock(host, state, () => {
    writeLedger(host, state, dropWishes(readLedger(host, state), place, drops));
  });
}

function isSameWish(a: Wish, b: Wish): boolean {
  const [one, other] = [a, b].map(({ architecture, credentials, fixBinary, preserveArgv0, qemu, entry }) =>
    JSON.stringify([architecture, credentials, fixBinary, preserveArgv0, qemu, entry]),
  );
  return one === other;
}
