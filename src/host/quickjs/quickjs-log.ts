import { printableLines } from '../../core/printable.ts';
import type { Log } from '../host.ts';
import { writeToStandardError } from './standard-streams.ts';

export interface QuickjsLogOptions {
  /** Print debug messages too. */
  readonly verbose?: boolean;
}

export function quickjsLog({ verbose = false }: QuickjsLogOptions = {}): Log {
  return {
    debug: (message) => {
      if (verbose) writeToStandardError(`debug: ${printableLines(message)}\n`);
    },
    info: (message) => {
      writeToStandardError(`${printableLines(message)}\n`);
    },
    warn: (message) => {
      writeToStandardError(`warning: ${printableLines(message)}\n`);
    },
  };
}
