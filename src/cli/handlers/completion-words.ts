import { architectures } from '../../core/architecture.ts';
import type { CommandDefinition, OptionDefinition, PositionalDefinition } from '../command.ts';
import { commands } from '../commands/index.ts';
import { globalOptions } from '../parse.ts';

/** What is offered for a value; `nothing` where only the user can know it. */
export type Offer =
  'architecture' | 'directory' | 'file' | 'machine' | 'snapshot' | 'nothing' | readonly string[];

/** Prints the names of machines, one in a line. */
export const listsMachines = 'anyarch machine list --quiet 2>/dev/null';

/** The same of a machine's snapshots. @param machine the shell's words for its name */
export function listsSnapshots(machine: string): string {
  return `anyarch machine snapshot list --quiet ${machine} 2>/dev/null`;
}

export interface OfferedOption {
  /** Without dashes. */
  readonly name: string;
  readonly short: string | undefined;
  readonly help: string;
  /** Of its value; undefined for a flag. */
  readonly offer: Offer | undefined;
}

export const definitions: readonly CommandDefinition[] = commands;

export function optionsOf(command: CommandDefinition): OfferedOption[] {
  return Object.entries<OptionDefinition>({ ...command.options, ...globalOptions }).map(([name, option]) => ({
    name,
    short: option.short,
    help: option.help,
    offer: option.type === 'string' ? offerOf(option) : undefined,
  }));
}

export interface OfferedPositional {
  readonly offer: Offer;
  /** Whether all further words are the same. */
  readonly isLast: boolean;
}

/** For the words that are no options, one after the other. */
export function offeredPositionals(command: CommandDefinition): readonly OfferedPositional[] {
  const { passThrough = false, positionals } = command;
  // A guest's command and its arguments: files are the best guess.
  if (passThrough)
    return positionals
      .slice(0, 1)
      .map((first) => ({ offer: first.complete === undefined ? 'file' : offerOf(first), isLast: false }));
  return positionals.map((one) => ({ offer: offerOf(one), isLast: one.variadic === true }));
}

function offerOf({ choices, complete }: OptionDefinition | PositionalDefinition): Offer {
  if (choices !== undefined) return choices;
  // Versions are not offered, paths are.
  return complete === 'emulator' ? 'file' : (complete ?? 'nothing');
}

/** The names that people read best. */
export const architectureNames: readonly string[] = architectures.map(
  (architecture) => architecture.debian[0] ?? architecture.name,
);

/** Names that are offered once something has been typed: OCI's, and the less usual ones. */
export const furtherNames: readonly string[] = [
  ...new Set(
    architectures.flatMap(({ name, debian, platforms }) => {
      const [canonical = ''] = platforms;
      // arm/v7 and its like; arm64/v8 is just a longer arm64, which would keep that from being completed.
      const variants = platforms.filter(
        (platform) => platform.split('/').length === canonical.split('/').length,
      );
      const short = variants.map((platform) => platform.slice('linux/'.length));
      return [name, ...debian, ...variants, ...short.filter((one) => one.includes('/'))];
    }),
  ),
].filter((name) => !architectureNames.includes(name));

/** First words of commands. */
export const firstWords: readonly string[] = [
  ...new Set(commands.map((command) => command.name.split(' ')[0] ?? '')),
];

export interface Group {
  readonly name: string;
  readonly members: readonly string[];
}

/** Commands of two words. */
export const groups: readonly Group[] = firstWords
  .map((name) => ({
    name,
    members: commands
      .filter((command) => command.name.startsWith(`${name} `))
      .map((command) => command.name.slice(name.length + 1)),
  }))
  .filter(({ members }) => members.length > 0);
