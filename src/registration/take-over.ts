import { architectures, type Architecture } from '../core/architecture.ts';
import { formatEntry, type Entry } from '../core/entry.ts';
import { AnyarchError } from '../core/error.ts';
import { validateRule } from '../core/rule.ts';
import type { Host } from '../host/host.ts';
import { openingProblem, owedFor } from './adoption.ts';
import type { Adopted } from './ledger-document.ts';
import type { KnownEntry } from './plan-data.ts';
import { blankResult, reportedError, type ArchitectureResult } from './report.ts';
import { ruleText } from './rule-text.ts';
import { architectureOf, matchesHeader, sampleHeader, takesProgramsOf } from './sample.ts';
import type { Survey } from './survey.ts';
import { readTable } from './table.ts';
import { byName, type Choice } from './want.ts';

/** Entries of others that are to make way for ours. */
export interface TakeOvers {
  /** By QEMU's target name. */
  readonly byArchitecture: ReadonlyMap<string, Adopted>;
  /** What is to be registered: without names, what the entries are for. */
  readonly wanted: readonly string[] | 'all';
  /** Where an entry is not to be taken over, nothing goes in front of it either. */
  readonly narrow: (choice: Choice) => Choice;
}

export interface TakeOverOptions {
  /** Names of any kind; empty: those of the entries. */
  readonly asked: readonly string[] | 'all';
  /** QEMU's target names. */
  readonly native: ReadonlySet<string>;
  /** Also what cannot be given back as it was, or whose place ours fills in part only. */
  readonly force: boolean;
}

/** Decides, by what there is; nothing is changed. */
export type TakingOver = (
  host: Pick<Host, 'files' | 'system'>,
  found: Survey,
  options: TakeOverOptions,
) => TakeOvers;

/** QEMU's target names of what these entries are for, without those that are for none. */
export function architecturesOfEntries(host: Pick<Host, 'binfmt'>, names: readonly string[]): string[] {
  const listed = readTable(host).entries.filter(
    ({ name, entry }) => names.includes(name) && entry !== undefined,
  );
  return [...new Set(listed.flatMap((one) => architectureOf(one) ?? []))];
}

/**
 * For `register`. Apart from it, because the image's program takes nothing over and is to be small.
 *
 * @param names of entries; each is decided by itself
 */
export function takingOver(names: readonly string[]): TakingOver {
  return (host, found, { asked, ...options }) => {
    const byArchitecture = new Map<string, Adopted>();
    const understood = new Set<string>();
    const refused: ArchitectureResult[] = [];
    const askedNames = asked === 'all' ? [] : byName(asked).map(({ name }) => name);
    for (const name of new Set(names)) {
      const known = found.entries.find(({ listed }) => listed.name === name);
      try {
        const { architecture, adopted } = takeOver(host, found, name, { ...options, asked: askedNames });
        if (adopted !== undefined) {
          const other = byArchitecture.get(architecture);
          if (other !== undefined) throw secondFor(architecture, other.name, name);
          byArchitecture.set(architecture, adopted);
        }
        understood.add(architecture);
      } catch (error) {
        if (!(error instanceof AnyarchError)) throw error;
        const result = blankResult(known?.architecture, 'refuse', 'refused');
        refused.push({ ...result, name, error: reportedError(error) });
      }
    }
    return {
      byArchitecture,
      wanted: names.length > 0 && asked.length === 0 ? [...understood] : asked,
      narrow: (choice) => without(choice, refused, byArchitecture),
    };
  };
}

function without(
  choice: Choice,
  refused: readonly ArchitectureResult[],
  byArchitecture: ReadonlyMap<string, Adopted>,
): Choice {
  const left = new Set(
    refused.flatMap(({ architecture }) =>
      architecture === undefined || byArchitecture.has(architecture) ? [] : [architecture],
    ),
  );
  return {
    order: choice.order,
    wanted: choice.wanted.filter(({ architecture }) => !left.has(architecture.name)),
    results: [...refused, ...choice.results.filter(({ architecture }) => !left.has(architecture ?? ''))],
    failed: new Set([...choice.failed, ...left]),
  };
}

function takeOver(
  host: Pick<Host, 'files' | 'system'>,
  { entries, adoptions, table }: Survey,
  name: string,
  { asked, native, force }: TakeOverOptions & { readonly asked: readonly string[] },
): { readonly architecture: string; readonly adopted: Adopted | undefined } {
  const known = entries.find(({ listed }) => listed.name === name);
  if (known === undefined) throw entryNotFound(name, table.path);
  const { entry, text } = known.listed;
  const taken = entry === undefined ? [] : takenBy(entry);
  const architecture = taken.find((one) => one.name === known.architecture);
  if (entry === undefined) throw notRestorable(known, 'its text is not understood', undefined);
  if (architecture === undefined) throw nothingToPut(known);
  if (asked.length > 0 && !asked.includes(architecture.name)) throw notAskedFor(known, architecture, asked);
  if (known.owner.kind === 'anyarch') return { architecture: architecture.name, adopted: undefined };
  const earlier = owedFor(adoptions, architecture.name);
  if (earlier !== undefined) throw secondFor(architecture.name, earlier.was.name, name);
  const lost = entry.enabled ? lostWithout(known, entries, taken, architecture, native) : [];
  if (lost.length > 0 && !force) throw takesMore(known, lost);
  const rule = ruleOrUndefined(entry, text);
  const gone = rule === undefined ? 'its text cannot be written again as it is' : openedProblem(host, entry);
  const problem = gone ?? replacedProblem(host, `${table.path}/${name}`, entry);
  if (problem !== undefined && !force) throw notRestorable(known, problem, architecture);
  const { kind: owner } = known.owner;
  const adopted = { name, owner, rule: gone === undefined ? (rule ?? '') : '', text, enabled: entry.enabled };
  return { architecture: architecture.name, adopted };
}

function takenBy(entry: Entry): Architecture[] {
  return architectures.filter((one) => takesProgramsOf(entry, one));
}

/** Architectures that nothing would take any more: ours is for one. */
function lostWithout(
  known: KnownEntry,
  entries: readonly KnownEntry[],
  taken: readonly Architecture[],
  ours: Architecture,
  native: ReadonlySet<string>,
): string[] {
  const others = entries.flatMap(({ listed: { entry } }) =>
    entry?.enabled === true && entry !== known.listed.entry ? [entry] : [],
  );
  return taken
    .filter(({ name }) => !native.has(name))
    .filter((one) => ![ours, ...others].some((pattern) => matchesHeader(pattern, sampleHeader(one))))
    .map(({ name }) => name);
}

/** Undefined when writing it again would not lead to the same text. */
function ruleOrUndefined(entry: Entry, text: string): string | undefined {
  // What is no UTF-8 cannot be told from the text any more.
  if (formatEntry(entry) !== text || text.includes('\uFFFD')) return undefined;
  try {
    validateRule(entry);
    return ruleText(entry);
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}

/** With F the interpreter has to be opened anew one day. */
function openedProblem(
  host: Pick<Host, 'files' | 'system'>,
  { flags, interpreter }: Entry,
): string | undefined {
  if (!flags.fixBinary) return undefined;
  return host.system.hostFiles === undefined
    ? openingProblem(host, interpreter)
    : `its interpreter ${interpreter} is a file of the host, which is not seen as such from here`;
}

/**
 * The kernel's file of an entry has the time of the last change of the entry: an interpreter that came into its place
 * later, which shows in the time of the last change of the inode, is not the pinned one.
 */
function replacedProblem(
  { files }: Pick<Host, 'files'>,
  path: string,
  { flags, interpreter }: Entry,
): string | undefined {
  if (!flags.fixBinary) return undefined;
  const made = files.status(path)?.modifiedMs;
  const changed = files.status(interpreter)?.changedMs;
  return made !== undefined && changed !== undefined && changed > made
    ? `its interpreter ${interpreter} was changed or replaced after it had been registered`
    : undefined;
}

function whose({ listed: { name }, owner }: KnownEntry): string {
  return `${name} (${owner.kind}: ${owner.evidence})`;
}

export function entryNotFound(name: string, table: string): AnyarchError {
  return new AnyarchError('ANYARCH_ENTRY_NOT_FOUND', `no entry in ${table} is called ${name}`, {
    hint: 'anyarch status lists them',
  });
}

function nothingToPut(known: KnownEntry): AnyarchError {
  return new AnyarchError(
    'ANYARCH_NOT_ADOPTABLE',
    `left ${whose(known)} alone: it takes no programs that QEMU emulates, so there is nothing to put in its place`,
    {
      hint: 'only entries for a foreign architecture can be taken over; anyarch status shows which those are',
    },
  );
}

function notAskedFor(known: KnownEntry, { name }: Architecture, asked: readonly string[]): AnyarchError {
  return new AnyarchError(
    'ANYARCH_USAGE',
    `${known.listed.name} is for ${name}, which is not among what is to be registered: ${asked.join(', ')}`,
    { hint: `anyarch register ${name} --adopt ${known.listed.name}` },
  );
}

function secondFor(architecture: string, first: string, second: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_NOT_ADOPTABLE',
    `left ${second} alone: for ${architecture} the place of ${first} is taken already, and one is enough`,
    { hint: `to take the other: anyarch release ${first} && anyarch register --adopt ${second}` },
  );
}

function takesMore(known: KnownEntry, lost: readonly string[]): AnyarchError {
  return new AnyarchError(
    'ANYARCH_NOT_ADOPTABLE',
    `left ${whose(known)} alone: it also takes programs for ${lost.join(', ')}, which nothing would take any more`,
    {
      hint: `register without --adopt, which only goes in front of it; or register ${lost[0] ?? ''} first; to do it all the same: --force`,
    },
  );
}

function notRestorable(
  known: KnownEntry,
  problem: string,
  architecture: Architecture | undefined,
): AnyarchError {
  const plain = `anyarch register ${architecture?.name ?? 'ARCH'}, which goes in front of it and leaves it there`;
  return new AnyarchError(
    'ANYARCH_NOT_RESTORABLE',
    `left ${whose(known)} alone: it could not be given back as it is now, because ${problem}`,
    {
      hint: architecture === undefined ? plain : `${plain}; to take it over all the same: --force`,
    },
  );
}
