import { writeToStandardError, writeWhole } from '../host/node/write-whole.ts';
import { plain } from './style.ts';
import type { Style } from './style.ts';

/** What the output goes to, and the few ways in which that matters. */
export interface Terminal {
  readonly columns: number;
  /** Progress displays only where a person watches. */
  readonly interactive: boolean;
  readonly style: Style;
  /** @throws SystemError when it cannot be written whole, EPIPE when nobody reads any more */
  writeResult(text: string): void;
  /** Fails silently. */
  writeError(text: string): void;
}

const coloured: Style = {
  bold: (text) => `\x1b[1m${text}\x1b[22m`,
  dim: (text) => `\x1b[2m${text}\x1b[22m`,
  red: (text) => `\x1b[31m${text}\x1b[39m`,
  green: (text) => `\x1b[32m${text}\x1b[39m`,
  yellow: (text) => `\x1b[33m${text}\x1b[39m`,
};

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Colours go to stdout only if that is a terminal and NO_COLOR (https://no-color.org) is unset or empty. */
export function openTerminal(
  stdout: Stream,
  stderr: Stream,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const colour =
    stdout.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  return {
    // A pseudo-terminal that nobody has given a size has 0.
    columns: [stdout.columns, stderr.columns].find((one) => one !== undefined && one > 0) ?? 100,
    interactive: stderr.isTTY === true && environment['TERM'] !== 'dumb',
    style: colour ? coloured : plain,
    // Not the streams: these report a failure later than the process ends.
    writeResult: (text) => {
      writeWhole(1, text, 'standard output');
    },
    writeError: writeToStandardError,
  };
}
