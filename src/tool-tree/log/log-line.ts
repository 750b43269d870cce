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
] as const;

export type FallbackReason = (typeof fallbackReasons)[number];

/** One start of a foreign program, as the interposer tells it. Paths are printable. */
export type LogRecord =
  | {
      readonly kind: 'substituted';
      /** The native program, below the mount of the tool tree. */
      readonly program: string;
      /** The program that was called, as its path in the guest. */
      readonly guest: string;
    }
  | {
      readonly kind: 'emulated';
      readonly reason: FallbackReason;
      /** What did not hold: an argument, the name of a variable, a path, a build-id. May be empty. */
      readonly detail: string;
      readonly guest: string;
    };

/** Bytes, with the line feed: what the interposer writes at once, and what a pipe never mixes with others' (PIPE_BUF is 4096). */
export const longestLine = 512;

/**
 * What a line says, without its line feed; undefined for one that no interposer writes. Any program of any container can
 * write into the log, so nothing is taken that is not exactly of its form.
 */
export function parseLogLine(line: Uint8Array): LogRecord | undefined {
  if (line.length >= longestLine) return undefined;
  const words = new TextDecoder().decode(line).split('\t');
  if (words[0] !== 'anyarch1' || !/^\d{1,20}$/.test(words[2] ?? '')) return undefined;
  return words[1] === 'S' ? substituted(words) : words[1] === 'E' ? emulated(words) : undefined;
}

function substituted(words: readonly string[]): LogRecord | undefined {
  const [, , , program = '', guest = ''] = words;
  if (words.length !== 5 || guest === '' || !isNativeProgram(program)) return undefined;
  return { kind: 'substituted', program: printable(program), guest: printable(guest) };
}

function emulated(words: readonly string[]): LogRecord | undefined {
  const [, , , word, detail = '', guest = ''] = words;
  const reason = fallbackReasons.find((known) => known === word);
  if (words.length !== 6 || guest === '' || reason === undefined) return undefined;
  return { kind: 'emulated', reason, detail: printable(detail), guest: printable(guest) };
}

function isNativeProgram(path: string): boolean {
  return /^\/dev\/\.anyarch\/[a-z2-7]{6}\/./.test(path);
}
