import type { Host } from '../host/host.ts';
import type { Terminal } from './terminal.ts';

/** What shell completion offers for a value. */
export type Completion = 'architecture' | 'directory' | 'file' | 'emulator' | 'machine' | 'snapshot';

export interface OptionDefinition {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What the value stands for in the help: `ARCH`. */
  readonly value?: string;
  readonly help: string;
  readonly complete?: Completion;
  readonly choices?: readonly string[];
  /** The next word is the value even when it begins with a dash, as getopt(3) has it: `--qemu-suffix -static`. */
  readonly takesDash?: boolean;
}

export interface PositionalDefinition {
  readonly name: string;
  readonly help: string;
  readonly required?: boolean;
  readonly variadic?: boolean;
  readonly complete?: Completion;
  readonly choices?: readonly string[];
}

type Options = Readonly<Record<string, OptionDefinition>>;

/** The values that a command's options take, by their definitions. */
export type OptionValues<O extends Options> = {
  readonly [K in keyof O]?: O[K] extends { readonly type: 'boolean' }
    ? boolean
    : O[K] extends { readonly type: 'string'; readonly multiple: true }
      ? readonly string[]
      : O[K] extends { readonly type: 'string'; readonly multiple?: never }
        ? string
        : boolean | string | readonly string[];
};

export interface Context {
  readonly host: Host;
  readonly terminal: Terminal;
  readonly json: boolean;
  /** Aborted by SIGINT and SIGTERM; long work stops and cleans up. */
  readonly signal: AbortSignal;
  /** From here on signals are the guest's business. */
  handOverSignals(): void;
}

export interface Invocation<O extends Options = Options> {
  readonly options: OptionValues<O>;
  readonly positionals: readonly string[];
  readonly context: Context;
}

/** What a handler returns; one renderer prints it. */
export interface Outcome {
  readonly exitCode: number;
  /** The whole result, for `--json`. `schema` is `anyarch/NAME/VERSION`. Undefined where the guest owns stdout. */
  readonly document?: { readonly schema: string } & Readonly<Record<string, unknown>>;
  /** The same for people. */
  readonly text?: string;
  /** For stderr, whatever the format. */
  readonly errorText?: string;
}

export type Handler<O extends Options> = (invocation: Invocation<O>) => Promise<Outcome> | Outcome;

/** A command as data. */
export interface CommandDefinition<O extends Options = Options, N extends string = string> {
  /** `emulators fetch` for a command of a group. */
  readonly name: N;
  readonly summary: string;
  readonly description?: string;
  readonly positionals: readonly PositionalDefinition[];
  readonly options: O;
  /** The first positional ends our options: what follows belongs to the guest. */
  readonly passThrough?: boolean;
  /** For programs, not for people: left out of overviews. */
  readonly isPlumbing?: boolean;
  readonly examples: readonly { readonly command: string; readonly does: string }[];
}

export function defineCommand<const O extends Options, const N extends string>(
  definition: CommandDefinition<O, N>,
): CommandDefinition<O, N> {
  return definition;
}
