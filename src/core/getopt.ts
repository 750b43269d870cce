import { AnyarchError } from './error.ts';
import { suggest } from './suggest.ts';
import { quote } from './text.ts';

/** One option, with at least one of its two spellings. */
export interface OptionKind {
  /** What the result calls it. */
  readonly name: string;
  /** Without the two dashes. */
  readonly long?: string;
  /** One character. */
  readonly short?: string;
  /** An `optional` one stands in the same word: `-oVALUE`, `--option=VALUE`. */
  readonly argument: 'none' | 'required' | 'optional';
}

export interface ParsedOption<Name extends string = string> {
  readonly name: Name;
  /** Undefined where none is taken, or an optional one is not given. */
  readonly value: string | undefined;
}

export interface ParsedWords<Name extends string = string> {
  /** In the order of the command line, repetitions included. */
  readonly options: readonly ParsedOption<Name>[];
  /** What is no option, and everything behind `--`. */
  readonly operands: readonly string[];
}

export interface GetoptOptions {
  /** Everything from the first operand on is an operand, as with `getopt -o +…` and POSIX. Default false. */
  readonly stopAtOperand?: boolean;
}

/**
 * Reads a command line as getopt(1) of util-linux does: options before and behind operands, clustered short options
 * (`-dpyes`), `--option=value`, long options shortened as far as one is meant, `--`.
 *
 * @throws AnyarchError ANYARCH_USAGE for an option that is unknown, ambiguous, without its value or with one that it does not take
 */
export function getopt<const Kinds extends readonly OptionKind[]>(
  words: readonly string[],
  kinds: Kinds,
  { stopAtOperand = false }: GetoptOptions = {},
): ParsedWords<Kinds[number]['name']> {
  const options: ParsedOption[] = [];
  const operands: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') return { options, operands: [...operands, ...rest] };
    if (word.startsWith('--')) {
      options.push(longOption(word, rest, kinds));
    } else if (word.startsWith('-') && word !== '-') {
      options.push(...shortOptions(word, rest, kinds));
    } else {
      operands.push(word);
      if (stopAtOperand) return { options, operands: [...operands, ...rest] };
    }
  }
  return { options, operands };
}

/** @param rest the words behind it; a value that stands there is taken out */
function longOption(word: string, rest: string[], kinds: readonly OptionKind[]): ParsedOption {
  const equals = word.indexOf('=');
  const written = equals === -1 ? word.slice(2) : word.slice(2, equals);
  const attached = equals === -1 ? undefined : word.slice(equals + 1);
  const { name, long = '', argument } = kindOfLong(written, kinds);
  if (argument === 'none' && attached !== undefined)
    throw usage(`--${long} takes no value, here ${quote(attached)}`);
  return { name, value: argument === 'required' ? (attached ?? valueOf(`--${long}`, rest)) : attached };
}

/** An exact name counts before all that it begins. */
function kindOfLong(written: string, kinds: readonly OptionKind[]): OptionKind {
  const exact = kinds.find(({ long }) => long === written);
  if (exact !== undefined) return exact;
  const meant = kinds.filter(({ long }) => long?.startsWith(written));
  const [only] = meant;
  if (only === undefined) throw unknown(`--${written}`, kinds);
  if (meant.length === 1) return only;
  const possible = meant.map(({ long = '' }) => `--${long}`);
  throw usage(`${quote(`--${written}`)} may be any of ${possible.join(', ')}`);
}

function shortOptions(word: string, rest: string[], kinds: readonly OptionKind[]): ParsedOption[] {
  const found: ParsedOption[] = [];
  const letters = Array.from(word).slice(1);
  for (const [index, letter] of letters.entries()) {
    const kind = kinds.find(({ short }) => short === letter);
    if (kind === undefined) throw unknown(`-${letter}`, kinds);
    if (kind.argument === 'none') {
      found.push({ name: kind.name, value: undefined });
      continue;
    }
    const behind = letters.slice(index + 1).join('');
    const attached = behind === '' ? undefined : behind;
    const value = kind.argument === 'required' ? (attached ?? valueOf(`-${letter}`, rest)) : attached;
    return [...found, { name: kind.name, value }];
  }
  return found;
}

/** The next word, whatever it looks like: `-p --` has the value `--`. */
function valueOf(option: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined) throw usage(`${option} needs a value`);
  return value;
}

function unknown(option: string, kinds: readonly OptionKind[]): AnyarchError {
  const known = kinds.flatMap(({ long, short }) => [
    ...(long === undefined ? [] : [`--${long}`]),
    ...(short === undefined ? [] : [`-${short}`]),
  ]);
  const nearest = option.startsWith('--') ? suggest(option, known) : undefined;
  return usage(
    `unknown option ${quote(option)}`,
    nearest === undefined ? `known: ${known.join(' ')}` : `did you mean ${nearest}?`,
  );
}

function usage(message: string, hint?: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', message, hint === undefined ? {} : { hint });
}
