import { findArchitecture } from '../core/architecture.ts';
import { matchesHeader, sampleHeader, type KnownEntry } from '../registration/index.ts';
import type { EventKind } from './event.ts';

/** What can be wrong with a registration, as far as the table and the files tell. */
export type Trouble = Extract<
  EventKind,
  'removed' | 'disabled' | 'shadowed' | 'emulator-deleted' | 'emulator-replaced'
>;

/** What has become of what is wanted for one architecture. */
export interface Situation {
  readonly architecture: string;
  /** The entry that runs its programs, or the one of ours that should. */
  readonly entry: string | undefined;
  /** The text of the entry that runs its programs; undefined when none does. */
  readonly inForce: string | undefined;
  readonly trouble: Trouble | undefined;
  /** One clause for people. */
  readonly reason: string;
}

/**
 * @param entries the newest first
 * @param accepted the text of an entry of somebody else that was found to be what is wanted
 */
export function situationOf(
  architecture: string,
  entries: readonly KnownEntry[],
  accepted: string | undefined,
): Situation {
  const header = sampleHeader(findArchitecture(architecture));
  const inForce = entries.find(
    ({ listed: { entry } }) => entry?.enabled === true && matchesHeader(entry, header),
  );
  const own = entries.filter((one) => one.owner.kind === 'anyarch' && one.architecture === architecture);
  const isRight = inForce !== undefined && (own.includes(inForce) || inForce.listed.text === accepted);
  const subject = isRight ? inForce : (own.find(isEnabled) ?? own[0]);
  return {
    architecture,
    entry: subject?.listed.name ?? inForce?.listed.name,
    inForce: inForce?.listed.text,
    ...(isRight ? fileTrouble(inForce) : entryTrouble(subject, inForce)),
  };
}

type Finding = Pick<Situation, 'trouble' | 'reason'>;

function fileTrouble({ listed: { name, entry }, interpreter, owner }: KnownEntry): Finding {
  const path = entry?.interpreter ?? '';
  if (interpreter === 'deleted') {
    const meaning = entry?.flags.fixBinary === true ? 'what was pinned goes on running' : 'nothing runs';
    return { trouble: 'emulator-deleted', reason: `${path}, the emulator of ${name}, is gone: ${meaning}` };
  }
  if (interpreter === 'replaced' && entry?.flags.fixBinary === true && owner.kind === 'anyarch')
    return {
      trouble: 'emulator-replaced',
      reason: `${path}, the emulator of ${name}, was replaced: the old one goes on running`,
    };
  return { trouble: undefined, reason: `${name} is in force` };
}

/** @param subject of ours, the one to speak of */
function entryTrouble(subject: KnownEntry | undefined, inForce: KnownEntry | undefined): Finding {
  const taker = inForce === undefined ? undefined : `${inForce.listed.name} (${inForce.owner.kind})`;
  if (subject === undefined) {
    const reason = taker === undefined ? 'nothing is registered' : `${taker} has taken its place`;
    return { trouble: 'removed', reason };
  }
  const { name } = subject.listed;
  if (!isEnabled(subject)) return { trouble: 'disabled', reason: `${name} was disabled` };
  return {
    trouble: 'shadowed',
    reason: `${taker ?? 'another entry'} is newer and takes the programs of ${name}`,
  };
}

function isEnabled({ listed }: KnownEntry): boolean {
  return listed.entry?.enabled === true;
}
