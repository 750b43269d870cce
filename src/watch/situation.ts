import { findArchitecture } from '../core/architecture.ts';
import { takesProgramsOf, type KnownEntry } from '../registration/index.ts';
import type { EventKind } from './event.ts';
import type { WantedRegistration } from './wanted.ts';

/**
 * What can be wrong with a registration, as far as the table and the files tell. `unclaimed` is nothing that happened:
 * it has never been registered, or whether the distribution's entry is what is wanted is to be seen.
 */
export type Trouble =
  | Extract<EventKind, 'removed' | 'disabled' | 'shadowed' | 'emulator-deleted' | 'emulator-replaced'>
  | 'unclaimed';

export interface Known {
  /** The text of an entry of somebody else that was found to be what is wanted. */
  readonly accepted: string | undefined;
  /** Registered by this watch. */
  readonly isClaimed: boolean;
}

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

/** @param entries the newest first */
export function situationOf(
  { architecture, source, entry: wished }: WantedRegistration,
  entries: readonly KnownEntry[],
  { accepted, isClaimed }: Known,
): Situation {
  const programs = findArchitecture(architecture);
  const inForce = entries.find(
    ({ listed: { entry } }) => entry?.enabled === true && takesProgramsOf(entry, programs),
  );
  const forIt = entries.filter((one) => one.architecture === architecture);
  const ours = forIt.filter(({ owner }) => owner.kind === 'anyarch');
  const distributions = forIt.filter((one) => one.listed.name === wished && isDistributions(one));
  const isRight = inForce !== undefined && (ours.includes(inForce) || inForce.listed.text === accepted);
  // What fulfils it may be the distribution's, and who disables that wants the same.
  const own = ours.length > 0 ? ours : distributions;
  const isNew = ours.length === 0 && source !== 'register' && !isClaimed;
  const isUncompared = inForce !== undefined && own.includes(inForce);
  const subject = isRight ? inForce : (own.find(isEnabled) ?? own[0]);
  return {
    architecture,
    entry: subject?.listed.name ?? inForce?.listed.name,
    inForce: inForce?.listed.text,
    ...(isRight ? fileTrouble(inForce) : entryTrouble(subject, inForce)),
    ...(!isRight && (isNew || isUncompared) ? unclaimed(inForce) : {}),
  };
}

function unclaimed(inForce: KnownEntry | undefined): Finding {
  const reason = inForce === undefined ? 'nothing is registered' : `${inForce.listed.name} is in force`;
  return { trouble: 'unclaimed', reason };
}

function isDistributions({ owner: { kind } }: KnownEntry): boolean {
  return kind === 'systemd-binfmt' || kind === 'binfmt-support';
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

/** @param subject of ours, or what stands for it: the one to speak of */
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
