import { architectures as known } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import type { Applied } from './apply-action.ts';
import { here, samePlace, type Place } from './here.ts';
import { letGoIn, readLedger, withLedgerLock, writeLedger } from './ledger.ts';
import type { Ledger, Wish } from './ledger-document.ts';
import type { Making } from './record.ts';
import type { FlagOptions } from './want.ts';

const names = known.map(({ name }) => name);

/** What a command changes about what is wished for here. */
export interface WishChange {
  /** Which are taken back, before anything is removed: nobody may bring that again. */
  readonly drops: (wish: Wish) => boolean;
  /** Which architectures are let go then, whoever wanted them. */
  readonly letsGo?: (architecture: string) => boolean;
  /** How what gets registered was asked for; undefined when nothing is to be kept up. */
  readonly asked?: (FlagOptions & { readonly qemu?: string | undefined }) | undefined;
}

/** @param isSettled of a wish that is all that is known of an entry that is to be given back; until then it stays */
export function dropWishes(
  ledger: Ledger,
  { drops, letsGo }: WishChange,
  making: Making,
  isSettled: (architecture: string) => boolean = () => true,
): Ledger {
  const { place } = making;
  const wishes = ledger.wishes.filter(
    (wish) =>
      !samePlace(wish.place, place) ||
      !drops(wish) ||
      !(wish.adopted === undefined || isSettled(wish.architecture)),
  );
  const kept = letGoIn(ledger, place);
  const architectures =
    letsGo === undefined ? [] : names.filter((name) => letsGo(name) && !kept.includes(name));
  const letGo = architectures.length === 0 ? ledger.letGo : [...ledger.letGo, { architectures, ...making }];
  return { ...ledger, wishes, letGo };
}

/** With what was registered, or was there already. A wish that was made before keeps its time and its command. */
export function addWishes(
  ledger: Ledger,
  applied: readonly Applied[],
  asked: NonNullable<WishChange['asked']>,
  made: Making,
): Ledger {
  const isHere = (wish: Wish) => samePlace(wish.place, made.place);
  const added = applied.flatMap(
    ({ action: { kind, architecture, name, adopted, emulator }, error }): Wish[] => {
      if (error !== undefined || architecture === undefined || kind === 'remove' || kind === 'release')
        return [];
      const { credentials = false, fixBinary = true, preserveArgv0 = 'auto', qemu } = asked;
      const before = ledger.wishes.find((wish) => isHere(wish) && wish.architecture === architecture);
      // By its path: what only registers does not look for interposed ones.
      const path = emulator?.interposed === undefined ? qemu : emulator.path;
      const options = { credentials, fixBinary, preserveArgv0, qemu: path };
      return [{ architecture, ...options, entry: name, adopted: adopted ?? before?.adopted, ...made }];
    },
  );
  const fresh = added.filter((wish) => !ledger.wishes.some((one) => isHere(one) && isSameWish(one, wish)));
  const isReplaced = (wish: Wish) =>
    isHere(wish) && fresh.some(({ architecture }) => architecture === wish.architecture);
  const wishes = [...ledger.wishes.filter((wish) => !isReplaced(wish)), ...fresh];
  return { ...ledger, wishes, letGo: withoutLetGo(ledger, added, made.place) };
}

function withoutLetGo({ letGo }: Ledger, added: readonly Wish[], place: Place): Ledger['letGo'] {
  const isStill = (name: string) => !added.some(({ architecture }) => architecture === name);
  return letGo.flatMap((one) => {
    if (!samePlace(one.place, place)) return [one];
    const architectures = one.architectures.filter(isStill);
    return architectures.length === 0 ? [] : [{ ...one, architectures }];
  });
}

/** What is taken back where no table is mounted, and so nothing can be removed. */
export function forgetWishes(host: Host, state: string, change: WishChange, by = host.system.command): void {
  // Where there is no state, there is nothing that anybody could bring again.
  if (host.files.status(state) === undefined) return;
  const making = { at: new Date(host.clock.now()).toISOString(), by, place: here(host) };
  const without = (ledger: Ledger) => dropWishes(ledger, change, making);
  const before = readLedger(host, state);
  if (JSON.stringify(without(before)) === JSON.stringify(before)) return;
  withLedgerLock(host, state, () => {
    writeLedger(host, state, without(readLedger(host, state)));
  });
}

function isSameWish(a: Wish, b: Wish): boolean {
  const [one, other] = [a, b].map(
    ({ architecture, credentials, fixBinary, preserveArgv0, qemu, entry, adopted }) =>
      JSON.stringify([architecture, credentials, fixBinary, preserveArgv0, qemu, entry, adopted]),
  );
  return one === other;
}
