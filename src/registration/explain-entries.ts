import { hexByte } from '../core/hex.ts';
import {
  compareMagic,
  explainMatch,
  type ByteComparison,
  type ExecutedFile,
  type Verdict,
} from '../core/match.ts';
import type { Entry } from '../core/entry.ts';
import type { EntryVerdict } from './explanation.ts';
import type { KnownEntry } from './plan-data.ts';
import type { Table } from './table.ts';

/** How each entry takes the file, and which one wins. */
export function explainEntries(
  file: ExecutedFile,
  table: Pick<Table, 'enabled'>,
  entries: readonly KnownEntry[],
): { readonly verdicts: readonly EntryVerdict[]; readonly winner: KnownEntry | undefined } {
  const readable = entries.flatMap(({ listed: { entry } }) => (entry === undefined ? [] : [entry]));
  const { verdicts, winner } = explainMatch(file, { enabled: table.enabled, entries: readable });
  const verdictOf = (entry: Entry) => verdicts.find((one) => one.entry === entry)?.verdict;
  return {
    winner: entries.find(({ listed }) => listed.entry !== undefined && listed.entry === winner),
    verdicts: entries.map(({ listed: { name, entry }, owner }): EntryVerdict => {
      const verdict = entry === undefined ? undefined : verdictOf(entry);
      if (entry === undefined || verdict === undefined) {
        return {
          name,
          owner,
          interpreter: undefined,
          result: 'unreadable',
          reason: 'its text cannot be understood',
          bytes: [],
        };
      }
      const bytes = compareMagicOf(file, entry);
      return {
        name,
        owner,
        interpreter: entry.interpreter,
        ...resultOf(verdict, entry, winner, table.enabled),
        bytes: isNear(bytes) ? bytes : [],
      };
    }),
  };
}

function compareMagicOf({ header }: ExecutedFile, entry: Entry): ByteComparison[] {
  return entry.kind === 'magic' ? compareMagic(header, entry) : [];
}

/** Two bytes apart is another e_machine: worth drawing. More is another kind of file. */
function isNear(bytes: readonly ByteComparison[]): boolean {
  return bytes.filter(({ equal }) => !equal).length <= 2;
}

function resultOf(
  verdict: Verdict,
  entry: Entry,
  winner: Entry | undefined,
  isSwitchedOn: boolean,
): Pick<EntryVerdict, 'result' | 'reason'> {
  switch (verdict.result) {
    case 'match':
      if (!isSwitchedOn)
        return { result: 'switched-off', reason: 'it matches, but binfmt_misc is switched off as a whole' };
      if (entry === winner) return { result: 'wins', reason: 'it matches, and no newer entry does' };
      return {
        result: 'shadowed',
        reason: `it matches too, but ${winner?.name ?? 'another entry'} was registered later`,
      };
    case 'disabled':
      return {
        result: 'disabled',
        reason: verdict.wouldMatch
          ? 'it would match, but it is disabled'
          : 'it is disabled, and would not match',
      };
    case 'magic-differs':
      return { result: 'differs', reason: differenceReason(verdict.difference) };
    case 'extension-differs':
      return {
        result: 'differs',
        reason:
          verdict.extension === undefined
            ? 'the name has no extension'
            : `the extension is .${verdict.extension}`,
      };
  }
}

function differenceReason({ position, found, expected, mask }: ByteComparison): string {
  return `byte ${position} is ${hexByte(found)}, wanted is ${hexByte(expected)}${mask === 0xff ? '' : ` under mask ${hexByte(mask)}`}`;
}
