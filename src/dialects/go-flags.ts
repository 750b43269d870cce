import { quote } from '../core/text.ts';

/** An option as programs written in Go have them (https://pkg.go.dev/flag). */
export interface GoFlag {
  /** Without dashes; one dash and two mean the same. */
  readonly name: string;
  readonly kind: 'string' | 'boolean';
  /** For the usage. */
  readonly meaning: string;
  /** For the usage, of a string. */
  readonly fallback?: string;
}

export type GoFlags =
  | {
      readonly kind: 'read';
      /** By name; the last one counts. */
      readonly values: ReadonlyMap<string, string>;
      /** From the first word on that is no option, without `--`. */
      readonly operands: readonly string[];
    }
  /** `-h` or `-help`, which no flag has as its name. */
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

/** Reads words as Go's `flag.FlagSet.Parse` does. A boolean's value is `true` or `false`. */
export function parseGoFlags(words: readonly string[], flags: readonly GoFlag[]): GoFlags {
  const values = new Map<string, string>();
  const rest = [...words];
  for (let word = rest[0]; word?.startsWith('-') === true && word !== '-'; word = rest[0]) {
    rest.shift();
    if (word === '--') break;
    const { name, attached } = splitWord(word);
    if (name === '' || name.startsWith('-')) return wrong(`${quote(word)} is no option`);
    const flag = flags.find((one) => one.name === name);
    if (flag === undefined && (name === 'help' || name === 'h')) return { kind: 'help' };
    if (flag === undefined) return wrong(`unknown option ${quote(word)}`);
    const value = flag.kind === 'boolean' ? booleanOf(attached) : (attached ?? rest.shift());
    if (value === undefined) {
      return wrong(
        flag.kind === 'boolean'
          ? `-${name} is true or false, not ${quote(attached ?? '')}`
          : `-${name} needs a value`,
      );
    }
    values.set(name, value);
  }
  return { kind: 'read', values, operands: rest };
}

function splitWord(word: string): { readonly name: string; readonly attached: string | undefined } {
  const text = word.slice(word.startsWith('--') ? 2 : 1);
  // A name has at least one character: what follows the dashes of `-=x` is no name.
  const equals = text.indexOf('=');
  return equals === -1
    ? { name: text, attached: undefined }
    : { name: text.slice(0, equals), attached: text.slice(equals + 1) };
}

/** strconv.ParseBool */
function booleanOf(text: string | undefined): 'true' | 'false' | undefined {
  if (text === undefined || ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return 'true';
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? 'false' : undefined;
}

function wrong(message: string): GoFlags {
  return { kind: 'wrong', message };
}

/** In the layout of `flag.PrintDefaults`. */
export function goUsage(flags: readonly GoFlag[]): string {
  return flags
    .map(({ name, kind, meaning, fallback }) => {
      const type = kind === 'string' ? ' string' : '';
      const value = fallback === undefined ? '' : ` (default ${JSON.stringify(fallback)})`;
      return `  -${name}${type}\n    \t${meaning}${value}\n`;
    })
    .join('');
}
