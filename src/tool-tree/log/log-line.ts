import { printable } from '../../core/printable.ts';

/** Why a program was emulated although it may be one of the tools: the interposer's words. */
export const fallbackReasons = [
  'unknown',
  'size',
  'content',
  'library',
  'argument',
  'variable',
  'locale',
  'path',
  'preload',
  'secure',
  'off',
  'writable',
  'recipe',
  'exec',
  'tree',
  'script',
] as const;

export type FallbackReason = (typeof fallbackReasons)[number];

interface Start {
  /** Milliseconds since the epoch; whole ones and parts. */
  readonly atMs: number;
  /** The program that was called, as its path in the guest. */
  readonly guest: string;
}

/** One start of a foreign program, as the interposer tells it. Paths are printable. */
export type LogRecord =
  | (Start & {
      readonly kind: 'substituted';
      /** The native program, below the mount of the tool tree. */
      readonly program: string;
    })
  | (Start & {
      readonly kind: 'emulated';
      readonly reason: FallbackReason;
      /** What did not hold: an argument, the name of a variable, a path, a build-id. May be empty. */
      readonly detail: string;
    });

/** Bytes, with the line feed: what the interposer writes at once into a connection of its own. */
export const longestLine = 512;

/** Bytes of a connection: a line, or two where the native program could not be executed after all. */
export const longestTold = 2 * longestLine;

/**
 * What a connection told of a start; undefined for what no interposer tells. A substitution is told before it is tried,
 * because afterwards the interposer is no more: should it fail, the second line says so.
 */
export function parseTold(told: Uint8Array): LogRecord | undefined {
  const first = told.indexOf(lineFeed) + 1;
  const record = first === 0 ? undefined : parseLogLine(told.subarray(0, first - 1));
  if (record === undefined || first === told.length) return record;
  const second = told.at(-1) === lineFeed ? parseLogLine(told.subarray(first, -1)) : undefined;
  const isTakenBack =
    record.kind === 'substituted' &&
    second?.kind === 'emulated' &&
    second.reason === 'exec' &&
    second.guest === record.guest;
  return isTakenBack ? second : undefined;
}

const lineFeed = 0x0a;

/**
 * What a line says, without its line feed; undefined for one that no interposer writes. Any program of any container can
 * connect to the log, so nothing is taken that is not exactly of its form.
 */
function parseLogLine(line: Uint8Array): LogRecord | undefined {
  if (line.length >= longestLine) return undefined;
  const words = new TextDecoder().decode(line).split('\t');
  if (line.includes(lineFeed)) return undefined;
  if (words[0] !== 'anyarch1' || !/^\d{1,20}$/.test(words[2] ?? '')) return undefined;
  return words[1] === 'S' ? substituted(words) : words[1] === 'E' ? emulated(words) : undefined;
}

function substituted(words: readonly string[]): LogRecord | undefined {
  const [, , time, program = '', guest = ''] = words;
  if (words.length !== 5 || guest === '' || !isNativeProgram(program)) return undefined;
  return {
    kind: 'substituted',
    atMs: milliseconds(time),
    program: printable(program),
    guest: printable(guest),
  };
}

function emulated(words: readonly string[]): LogRecord | undefined {
  const [, , time, word, detail = '', guest = ''] = words;
  const reason = fallbackReasons.find((known) => known === word);
  if (words.length !== 6 || guest === '' || reason === undefined) return undefined;
  return {
    kind: 'emulated',
    atMs: milliseconds(time),
    reason,
    detail: printable(detail),
    guest: printable(guest),
  };
}

function milliseconds(nanoseconds: string | undefined): number {
  return Number(nanoseconds) / 1e6;
}

function isNativeProgram(path: string): boolean {
  return /^\/dev\/\.anyarch\/[a-z2-7]{6}\/./.test(path);
}
