import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { parseRule } from '../core/rule.ts';
import type { Place } from './here.ts';
import type { Adopted, Ledger } from './ledger-document.ts';
import { recordsOf } from './ledger.ts';
import type { TableEntry } from './table.ts';

/** An entry of somebody else's that one of ours has taken the place of. */
export interface Adoption {
  readonly was: Adopted;
  /** Why it cannot be given back, one clause; undefined when it can. */
  readonly problem: string | undefined;
  /** It is there again, but was to be disabled yet: the command that gave it back was killed. */
  readonly isHalfBack: boolean;
}

/** What is recorded for an entry of ours; undefined when nothing is, or its owner has registered it again by now. */
export function adoptionOf(
  host: Pick<Host, 'files'>,
  listed: TableEntry,
  entries: readonly TableEntry[],
  { ledger, place }: { readonly ledger: Ledger; readonly place: Place },
): Adoption | undefined {
  const was = adoptedBy(ledger, listed.name, place);
  if (was === undefined) return undefined;
  const holder = entries.find(({ name }) => name === was.name);
  const isOurs = holder === undefined || adoptedBy(ledger, was.name, place) !== undefined;
  const isHalfBack = !isOurs && !was.enabled && holder.text === was.text.replace(/^disabled/, 'enabled');
  if (!isOurs && !isHalfBack) return undefined;
  return { was, problem: isHalfBack ? undefined : restoringProblem(host, was), isHalfBack };
}

function adoptedBy(ledger: Ledger, name: string, place: Place): Adopted | undefined {
  return recordsOf(ledger, name, place).find(({ adopted }) => adopted !== undefined)?.adopted;
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
