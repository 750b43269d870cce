import { parseArgs } from 'node:util';
import { AnyarchError } from '../core/error.ts';
import { suggest } from '../core/suggest.ts';
import type { CommandDefinition, Completion, OptionDefinition } from './command.ts';

export interface ParsedCommandLine {
  readonly command: CommandDefinition | undefined;
  /** The first word of several commands, whose help is wanted. */
  readonly group?: string;
  readonly options: Readonly<Record<string, boolean | string | readonly string[]>>;
  readonly positionals: readonly string[];
  readonly help: boolean;
  readonly json: boolean;
  readonly version: boolean;
}

/** Options that every command takes. */
export const globalOptions = {
  json: { type: 'boolean', help: 'print one JSON document instead of text' },
  help: { type: 'boolean', short: 'h', help: 'show the help of the command' },
} as const satisfies Record<string, OptionDefinition>;

/**
 * Takes the words behind `anyarch` apart.
 * @throws AnyarchError ANYARCH_USAGE with "did you mean"
 */
export function parseCommandLine(
  words: readonly string[],
  commands: readonly CommandDefinition[],
): ParsedCommandLine {
  const first = words[0];
  const nothing = { options: {}, positionals: [], json: words.includes('--json') };
  if (first === 'help' && ['help', '--help', '-h'].includes(words[1] ?? 'help'))
    return parseCommandLine(['--help'], commands);
  if (first === undefined || first === '--help' || first === '-h')
    return { ...nothing, command: undefined, help: true, version: false };
  if (first === '--version' || first === '-V')
    return { ...nothing, command: undefined, help: false, version: true };
  if (first === 'help') return parseCommandLine([...words.slice(1), '--help'], commands);

  if (isGroup(first, commands) && isHelpOnly(words.slice(1)))
    return { ...nothing, command: undefined, group: first, help: true, version: false };
  const { command, rest } = findCommand(words, commands);
  const definitions = { ...command.options, ...globalOptions };
  const own = command.passThrough === true ? wordsBeforeGuest(rest, definitions) : rest.length;
  const { values, positionals } = parseStrictly(command, rest.slice(0, own), definitions);
  const guest = rest.slice(rest[own] === '--' && command.passThrough === true ? own + 1 : own);
  const { help = false, json = false, ...options } = values;
  const all = [...positionals, ...guest];
  if (help !== true) checkPositionals(command, all);
  checkChoices(command, options);
  return { command, options, positionals: all, help: help === true, json: json === true, version: false };
}

/** Whether commands of two words begin with it, and it is none itself. */
function isGroup(word: string, commands: readonly CommandDefinition[]): boolean {
  return membersOf(word, commands).length > 0 && commands.every(({ name }) => name !== word);
}

/** Commands of two words that begin with this one. */
export function membersOf(
  group: string,
  commands: readonly CommandDefinition[],
): readonly CommandDefinition[] {
  return commands.filter(({ name }) => name.startsWith(`${group} `));
}

function isHelpOnly(words: readonly string[]): boolean {
  const isHelp = (word: string): boolean => word === '--help' || word === '-h';
  return words.some(isHelp) && words.every((word) => isHelp(word) || word === '--json');
}

type Values = Record<string, boolean | string | readonly string[]>;

function findCommand(
  words: readonly string[],
  commands: readonly CommandDefinition[],
): { command: CommandDefinition; rest: readonly string[] } {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const command = commands.find((candidate) => candidate.name === name);
    if (command !== undefined) return { command, rest: words.slice(length) };
  }
  const group = membersOf(words[0] ?? '', commands);
  if (group.length > 0 && (words[1] === undefined || words[1].startsWith('-')))
    throw usageError(
      `${words[0] ?? ''} needs one of: ${group.map((member) => member.name.split(' ')[1]).join(', ')}`,
      `anyarch help ${words[0] ?? ''}`,
    );
  const name = words.slice(0, group.length > 0 ? 2 : 1).join(' ');
  const near = suggest(
    name,
    commands.map((candidate) => candidate.name),
  );
  throw usageError(
    `there is no command "${name.slice(0, 60)}"`,
    near !== undefined ? `did you mean: anyarch ${near}` : 'anyarch --help lists the commands',
  );
}

/** How many words come before the guest's command: up to `--` or the first positional. */
function wordsBeforeGuest(
  words: readonly string[],
  definitions: Readonly<Record<string, OptionDefinition>>,
): number {
  const { tokens } = parseArgs({
    args: [...words],
    options: parseArgsOptions(definitions),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.find((token) => token.kind !== 'option')?.index ?? words.length;
}

function parseStrictly(
  command: CommandDefinition,
  words: readonly string[],
  definitions: Readonly<Record<string, OptionDefinition>>,
): { values: Values; positionals: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: withDashedValues(words, definitions),
      options: parseArgsOptions(definitions),
      allowPositionals: true,
    });
    return { values: values as Values, positionals };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw usageError(explainParseError(error, words, definitions), `anyarch ${command.name} --help`, error);
  }
}

/** What Node takes for a forgotten value, in one word: `--qemu-suffix=-static`. */
function withDashedValues(
  words: readonly string[],
  definitions: Readonly<Record<string, OptionDefinition>>,
): string[] {
  const taking = Object.entries(definitions).filter(([, { takesDash }]) => takesDash === true);
  const joined: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') return [...joined, ...words.slice(index)];
    const name = taking.find(([long, { short = '' }]) => word === `--${long}` || word === `-${short}`)?.[0];
    const value = words[index + 1];
    if (name === undefined || value === undefined) {
      joined.push(word);
    } else {
      joined.push(`--${name}=${value}`);
      index += 1;
    }
  }
  return joined;
}

function explainParseError(
  error: TypeError,
  words: readonly string[],
  definitions: Readonly<Record<string, OptionDefinition>>,
): string {
  const unknown = /^Unknown option '(-+)([^']*)'/.exec(error.message);
  const name = unknown?.[2];
  if (name === undefined) return error.message.split('. To specify')[0] ?? words.join(' ');
  const near = suggest(name, Object.keys(definitions));
  return `unknown option ${unknown?.[1] ?? '--'}${name}${near === undefined ? '' : `; did you mean --${near}?`}`;
}

function checkPositionals(command: CommandDefinition, given: readonly string[]): void {
  const required = command.positionals.filter((positional) => positional.required === true);
  const missing = required[given.length];
  if (missing !== undefined)
    throw usageError(`anyarch ${command.name} needs ${missing.name}`, `anyarch ${command.name} --help`);
  const variadic = command.positionals.some((positional) => positional.variadic === true);
  const surplus = given[command.positionals.length];
  if (!variadic && surplus !== undefined)
    throw usageError(`unexpected argument "${surplus.slice(0, 60)}"`, `anyarch ${command.name} --help`);
  for (const [index, value] of given.entries()) {
    const last = command.positionals.at(-1);
    const positional = command.positionals[index] ?? (last?.variadic === true ? last : undefined);
    if (positional !== undefined) checkChoice(positional.name, value, positional.choices);
  }
  for (const [index, value] of given.entries())
    checkPath(
      command.positionals[index]?.name ?? '',
      value,
      command.passThrough === true && index > 0 ? undefined : command.positionals[index]?.complete,
    );
}

/** An unset variable of a script's: it would name the directory that the command is called from. */
function checkPath(what: string, value: string, complete: Completion | undefined): void {
  if (value === '' && (complete === 'directory' || complete === 'file' || complete === 'emulator'))
    throw usageError(
      `${what} is empty`,
      'give it a path; in a script, look whether the variable that should hold it is set',
    );
}

function checkChoices(command: CommandDefinition, options: Values): void {
  for (const [name, value] of Object.entries(options)) {
    const { choices, complete } = command.options[name] ?? {};
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item !== 'string') continue;
      checkChoice(`--${name}`, item, choices);
      checkPath(`--${name}`, item, complete);
    }
  }
}

function checkChoice(what: string, value: string | undefined, choices: readonly string[] | undefined): void {
  if (choices !== undefined && value !== undefined && !choices.includes(value))
    throw usageError(`${what} is one of ${choices.join(', ')}, not "${value.slice(0, 60)}"`);
}

function usageError(message: string, hint?: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', message, { ...(hint === undefined ? {} : { hint }), cause });
}

function parseArgsOptions(
  definitions: Readonly<Record<string, OptionDefinition>>,
): Record<string, { type: 'boolean' | 'string'; short?: string; multiple?: boolean }> {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [
      name,
      {
        type: definition.type,
        ...(definition.short === undefined ? {} : { short: definition.short }),
        ...(definition.multiple === undefined ? {} : { multiple: definition.multiple }),
      },
    ]),
  );
}
