import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { parseRule } from '../core/rule.ts';
import { samePlace, type Place } from './here.ts';
import type { Adopted, Ledger } from './ledger-document.ts';
import { letGoIn, recordsOf } from './ledger.ts';
import { entryNames } from './names.ts';
import type { Adoption, KnownEntry } from './plan-data.ts';

interface Evidence {
  /** Reconciled with the table. */
  readonly ledger: Ledger;
  readonly place: Place;
}

/** What is recorded of entries of others, and what has become of it; one for each of their names. */
export function adoptionsOf(
  host: Pick<Host, 'files'>,
  entries: readonly KnownEntry[],
  evidence: Evidence,
): readonly Adoption[] {
  const { wishes, registrations } = evidence.ledger;
  const adoptions = new Map<string, Adoption>();
  for (const { adopted, architecture, place } of [...wishes, ...registrations]) {
    if (adopted !== undefined && samePlace(place, evidence.place))
      adoptions.set(adopted.name, adoptionOf(host, entries, evidence, adopted, architecture));
  }
  return [...adoptions.values()];
}

/** The one that is to be given back for an architecture. */
export function owedFor(adoptions: readonly Adoption[], architecture: string): Adoption | undefined {
  return adoptions.find((one) => one.architecture === architecture && (!one.isBack || one.isHalfBack));
}

function adoptionOf(
  host: Pick<Host, 'files'>,
  entries: readonly KnownEntry[],
  { ledger, place }: Evidence,
  was: Adopted,
  architecture: string,
): Adoption {
  const recorded = ({ listed }: KnownEntry) =>
    recordsOf(ledger, listed.name, place).find(({ adopted }) => adopted !== undefined)?.adopted?.name;
  const isWished = ledger.wishes.some((one) => one.adopted === was);
  const own = entries.filter(
    (one) =>
      one.owner.kind === 'anyarch' &&
      (recorded(one) ?? (isWished && one.architecture === architecture ? was.name : '')) === was.name,
  );
  const holder = entries.find(({ listed }) => listed.name === was.name);
  const isTheirs = holder !== undefined && !own.includes(holder);
  const standsIn = own.some(({ listed }) => listed.name === entryNames(architecture).temporary);
  const isBack = isTheirs || (own.length > 0 && own.every((one) => recorded(one) === undefined));
  return {
    was,
    architecture,
    own,
    problem: isBack ? undefined : restoringProblem(host, was),
    isBack,
    isHalfBack:
      isTheirs && standsIn && !was.enabled && holder.listed.text === was.text.replace(/^disabled/, 'enabled'),
    isReclaimed: isTheirs && !standsIn && !letGoIn(ledger, place).includes(architecture),
  };
}

function restoringProblem(host: Pick<Host, 'files'>, { name, rule }: Adopted): string | undefined {
  if (rule === '') return `${name} was taken over for good`;
  const { flags, interpreter } = parseRule(rule);
  return flags.fixBinary ? openingProblem(host, interpreter) : undefined;
}

/** Why the kernel could not open an interpreter for flag F. */
export function openingProblem({ files }: Pick<Host, 'files'>, interpreter: string): string | undefined {
  const status = ignoring(['EACCES', 'ELOOP'], () => files.status(interpreter));
  if (status === undefined) return `its interpreter ${interpreter} does not exist any more`;
  return files.isExecutable(interpreter) ? undefined : `its interpreter ${interpreter} may not be executed`;
}
