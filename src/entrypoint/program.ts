import { errorOutcome } from '../cli/error-outcome.ts';
import {
  binfmt,
  chooseDialect,
  multiarch,
  nextStepInContainer,
  podman,
  qus,
  withWarnings,
  type Dialect,
  type DialectName,
  type DialectOutcome,
  type Live,
} from '../dialects/index.ts';
import { commandLine } from '../core/command-line.ts';
import { AnyarchError } from '../core/error.ts';
import type { Host, Log } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { ownCommands } from './own-commands.ts';
import { ownTableWarnings } from './own-table.ts';
import { inContainer } from './surroundings.ts';

const dialects: Readonly<Record<DialectName, Dialect>> = {
  anyarch: ownCommands,
  binfmt,
  multiarch,
  podman,
  qus,
};

/** What the image was called with. */
export interface ProgramCall {
  readonly words: readonly string[];
  /** anyarch's. */
  readonly version: string;
  readonly live?: Live | undefined;
}

/** The image's program: everything but the printing. The same on Node and on QuickJS. */
export function runProgram(host: Host, { words, version, live }: ProgramCall): DialectOutcome {
  const messages: string[] = [];
  const startedMs = host.clock.now();
  try {
    const system = { ...host.system, command: commandLine(version, words) };
    const inside = inContainer({ ...host, log: logInto(messages), system });
    const name = chooseDialect(host.system.environment['ANYARCH_DIALECT'], words);
    const done = dialects[name]({ host: inside, words, version, live });
    const outcome = withWarnings(done, ownTableWarnings(inside, startedMs), { oneLine: name === 'binfmt' });
    return {
      exitCode: outcome.exitCode,
      stdout: outcome.stdout,
      stderr: messages.map((line) => `${line}\n`).join('') + outcome.stderr,
    };
  } catch (error) {
    const debug = (host.system.environment['ANYARCH_DEBUG'] ?? '') !== '';
    const { exitCode, errorText } = errorOutcome(withNextStep(explained(error)), { debug });
    return {
      exitCode,
      stdout: '',
      stderr: messages.map((line) => `${line}\n`).join('') + errorText,
    };
  }
}

/** QuickJS throws null where not even the error that says so can be made, and compiling a pattern gives a SyntaxError. */
function explained(error: unknown): unknown {
  const isMemory = error === null || (error instanceof Error && error.message === 'out of memory');
  return isMemory ? new SystemError('ENOMEM', 'allocate memory') : error;
}

/** In a container other commands are at hand than on a host. */
function withNextStep(error: unknown): unknown {
  if (!(error instanceof AnyarchError)) return error;
  const { code, message, details, cause } = error;
  const hint = nextStepInContainer(code, error.hint);
  return new AnyarchError(code, message, { ...(hint === undefined ? {} : { hint }), details, cause });
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
