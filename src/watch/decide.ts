import { unDamped, type Damping } from './damping.ts';
import type { News } from './event.ts';
import type { Situation } from './situation.ts';

/** How a round is judged; no I/O. */
export interface Judged {
  readonly situations: readonly Situation[];
  /** Before this round; none for what was not looked at then. */
  readonly before: ReadonlyMap<string, Situation>;
  readonly damping: ReadonlyMap<string, Damping>;
  /** Undefined when the table is in use. */
  readonly tableTrouble: TableTrouble | undefined;
  /** The message of the one before. */
  readonly tableBefore: string | undefined;
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Enable again what somebody disabled. */
  readonly enforce: boolean;
}

export interface TableTrouble {
  readonly message: string;
  readonly next: string;
  /** Whether registering may help: it mounts the table. */
  readonly isCurable: boolean;
}

export interface Decision {
  /** To be put right now. */
  readonly reassert: readonly Situation[];
  readonly news: readonly News[];
  /** Monotonic milliseconds when the first of those that wait may be put right; Infinity when none waits. */
  readonly wakeAt: number;
}

/** What to put right now, what to say, and when to look again though nothing changes. */
export function decide(judged: Judged): Decision {
  const { situations, damping, now } = judged;
  const notBefore = ({ architecture }: Situation): number =>
    (damping.get(architecture) ?? unDamped).notBefore;
  const troubled = situations.filter((one) => isToBePutRight(one, judged));
  const waiting = troubled.filter((one) => notBefore(one) > now);
  return {
    reassert: troubled.filter((one) => !waiting.includes(one)),
    news: [...tableNews(judged), ...situations.flatMap((one) => newsOf(one, judged))],
    wakeAt: Math.min(Number.POSITIVE_INFINITY, ...waiting.map(notBefore)),
  };
}

/** What an administrator disabled stays disabled, and is only reported. */
function isToBePutRight({ trouble }: Situation, { enforce, tableTrouble }: Judged): boolean {
  if (tableTrouble?.isCurable === false || trouble === undefined) return false;
  return trouble !== 'disabled' || enforce;
}

function tableNews({ tableTrouble, tableBefore }: Judged): News[] {
  if (tableTrouble?.message === tableBefore) return [];
  if (tableTrouble === undefined) return [{ event: 'recovered', message: 'the table is in use again' }];
  return [{ event: 'table', message: tableTrouble.message, next: tableTrouble.next }];
}

/** Nothing is said twice. */
function newsOf(situation: Situation, judged: Judged): News[] {
  const { architecture, entry, trouble, reason } = situation;
  const before = judged.before.get(architecture);
  if (judged.tableTrouble !== undefined) return [];
  if (before?.trouble === trouble && (trouble === undefined || before?.reason === reason)) return [];
  const about = { architecture, ...(entry === undefined ? {} : { entry }), message: reason };
  const isEnabledAgain = trouble === 'unclaimed' && before?.trouble === 'disabled';
  if (trouble === undefined || isEnabledAgain) return [{ event: 'recovered', ...about }];
  if (trouble === 'unclaimed') return heldBack(situation, judged);
  if (!isToBePutRight(situation, judged))
    return [
      {
        event: trouble,
        ...about,
        next: `anyarch register ${architecture} has it run again, anyarch unregister ${architecture} lets it go; watch --enforce does the former by itself`,
      },
    ];
  return [{ event: trouble, ...about }, ...heldBack(situation, judged)];
}

function heldBack({ architecture, entry }: Situation, { damping, now }: Judged): News[] {
  const { streak, notBefore } = damping.get(architecture) ?? unDamped;
  if (notBefore <= now) return [];
  return [
    {
      event: 'held-back',
      architecture,
      ...(entry === undefined ? {} : { entry }),
      message: `it was put right ${streak} times in a row and not for good; waiting for ${Math.ceil((notBefore - now) / 1000)} s`,
      next: `end the program that undoes it (anyarch status shows whose entries there are), or let it go: anyarch unregister ${architecture}`,
    },
  ];
}
