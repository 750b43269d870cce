import { errorOutcome } from '../cli/error-outcome.ts';
import type { DialectOutcome } from '../dialects/index.ts';
import type { Host, Log } from '../host/host.ts';
import { ownCommands } from './own-commands.ts';
import { inContainer } from './surroundings.ts';

/** What the image was called with. */
export interface ProgramCall {
  readonly words: readonly string[];
  /** anyarch's. */
  readonly version: string;
}

/** The image's program: everything but the printing. The same on Node and on QuickJS. */
export function runProgram(host: Host, { words, version }: ProgramCall): DialectOutcome {
  const messages: string[] = [];
  try {
    const inside = inContainer({ ...host, log: logInto(messages) });
    const outcome = ownCommands({ host: inside, words, version });
    return {
      exitCode: outcome.exitCode,
      stdout: outcome.stdout,
      stderr: messages.map((line) => `${line}\n`).join('') + outcome.stderr,
    };
  } catch (error) {
    const debug = (host.system.environment['ANYARCH_DEBUG'] ?? '') !== '';
    const { exitCode, errorText } = errorOutcome(error, { debug });
    return {
      exitCode,
      stdout: '',
      stderr: messages.map((line) => `${line}\n`).join('') + errorText,
    };
  }
}

/** Printed with the rest, in the order of events. */
function logInto(messages: string[]): Log {
  return {
    debug: () => undefined,
    info: (message) => {
      messages.push(message);
    },
    warn: (message) => {
      messages.push(`warning: ${message}`);
    },
  };
}
