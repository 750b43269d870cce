import { lookUpArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { readTable, unregister, type ArchitectureResult } from '../../registration/index.ts';
import { isGlob, matchGlob } from '../glob.ts';
import { removedNote } from '../removed-note.ts';
import { problemText } from '../problem.ts';
import { architectureOfWord, splitList } from './platform-word.ts';
import { done, failed, note, type Step } from './step.ts';

/**
 * Removes what `--uninstall` lists: names of entries, patterns of names, platforms. What others made stays: a failure for
 * who named it, and no more than a note for who gave a pattern.
 *
 * @throws AnyarchError what concerns all of them
 */
export function uninstall(host: Host, state: string, list: string): Step[] {
  const names = readTable(host)
    .entries.map(({ name }) => name)
    .sort();
  const words = splitList(list).map((word) => match(word, names));
  const matched = [...new Set(words.flatMap((word) => word.entries))];
  if (matched.length === 0) return words.flatMap((word) => stepsOf(word, new Map()));
  const report = unregister(host, { architectures: 'all', entries: matched, predecessors: true, state });
  const byName = new Map(
    report.results.flatMap((result) => (result.name === undefined ? [] : [[result.name, result] as const])),
  );
  const gone = removedNote(host, report).trimEnd();
  return [...words.flatMap((word) => stepsOf(word, byName)), ...(gone === '' ? [] : [note(gone)])];
}

interface MatchedWord {
  /** As it is printed: a platform's is QEMU's name of it. */
  readonly word: string;
  readonly isPattern: boolean;
  readonly entries: readonly string[];
}

/** A platform or the end of a name behind a dash stands for all entries that are named so. */
function match(given: string, names: readonly string[]): MatchedWord {
  const isPattern = isGlob(given);
  const word = (isPattern ? undefined : architectureOfWord(given)?.name) ?? given;
  const isMeant = (name: string): boolean =>
    isPattern ? matchGlob(word, name) === true : name === word || name.endsWith(`-${word}`);
  return { word, isPattern, entries: names.filter((name) => isMeant(name) || isMeant(canonicalName(name))) };
}

/** What an entry of anyarch's is called that stands beside one of somebody else's. */
function canonicalName(name: string): string {
  const architecture = /^anyarch-(.+)$/.exec(name)?.[1];
  return architecture !== undefined && lookUpArchitecture(architecture)?.name === architecture
    ? `qemu-${architecture}`
    : name;
}

function stepsOf(
  { word, isPattern, entries }: MatchedWord,
  results: ReadonlyMap<string, ArchitectureResult>,
): Step[] {
  const found = entries.flatMap((name) => results.get(name) ?? []);
  if (found.length === 0) return [note(`uninstalling: ${word} not found`)];
  const removed = found.filter(({ action, error }) => action === 'remove' && error === undefined);
  const others = found.filter((result) => !removed.includes(result));
  const lines = isPattern
    ? removed.map((result) => done(`uninstalling: ${result.name ?? ''} OK${remark(result)}`))
    : removed.slice(0, 1).map((result) => done(`uninstalling: ${word} OK${remark(result)}`));
  return [...lines, ...others.map((result) => notRemoved(result, isPattern))];
}

function remark({ inForce }: ArchitectureResult): string {
  return inForce === undefined ? '' : ` (${inForce} of others runs its programs now)`;
}

function notRemoved({ name = '', reason, error }: ArchitectureResult, isPattern: boolean): Step {
  if (error !== undefined) return failed(`uninstalling: ${name} ${problemText(error)}`);
  if (isPattern) return note(`uninstalling: ${name} kept: ${reason}`);
  const kept = new AnyarchError('ANYARCH_ENTRY_OF_OTHERS', `kept: ${reason}`, {
    hint: `remove it with the tool that made it, or on the host: echo -1 > /proc/sys/fs/binfmt_misc/${name}`,
  });
  return failed(`uninstalling: ${name} ${problemText(kept)}`);
}
