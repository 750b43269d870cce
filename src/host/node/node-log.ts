import { printableLines } from '../../core/printable.ts';
import type { Log } from '../host.ts';
import { writeToStandardError } from './write-whole.ts';

export interface NodeLogOptions {
  /** Print debug messages too. */
  readonly verbose?: boolean;
  /** Where a line goes; default: standard error, at once, so that lines keep their order with what child processes print. */
  readonly write?: (line: string) => void;
}

export function nodeLog({ verbose = false, write = writeToStandardError }: NodeLogOptions = {}): Log {
  return {
    debug: (message) => {
      if (verbose) write(`debug: ${printableLines(message)}\n`);
    },
    info: (message) => {
      write(`${printableLines(message)}\n`);
    },
    warn: (message) => {
      write(`warning: ${printableLines(message)}\n`);
    },
  };
}
