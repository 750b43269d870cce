import { join } from 'node:path';
import type { CommandOptions, CommandResult } from '../command.ts';
import { describeFailure, run } from '../command.ts';
import { repository } from '../fixtures/cache.ts';
import { temporaryDirectory } from '../temporary.ts';

export interface CliResult extends CommandResult {
  /** The one JSON document on stdout; throws with all output when there is none. */
  readonly json: () => unknown;
}

export interface CliOptions extends Omit<CommandOptions, 'environment'> {
  /** Added to this process's environment; undefined removes a variable. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** anyarch's state and cache, in a directory of the test's; default: a new one. */
  readonly home?: string;
}

/** The test run's emulators, so that nothing is fetched and made where that is not the matter. */
export const offline = {
  NO_COLOR: '1',
  ANYARCH_QEMU_DIR: process.env['ANYARCH_TEST_QEMU_DIR'],
  /** As it is when a command is started: tests may change it. */
  get ANYARCH_PLAIN() {
    return process.env['ANYARCH_PLAIN'];
  },
};

/** The built command line, as users start it. */
export const executable = join(repository, 'bin/anyarch');

export async function anyarch(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { environment, home = temporaryDirectory('home'), ...rest } = options;
  const result = await run([executable, ...args], {
    ...rest,
    environment: { ...process.env, ...offline, ANYARCH_HOME: home, ...environment },
  });
  return withJson(result);
}

export function withJson(result: CommandResult): CliResult {
  return {
    ...result,
    json: () => {
      try {
        return JSON.parse(result.stdout) as unknown;
      } catch (cause) {
        throw new Error(`no JSON on stdout: ${describeFailure(result)}`, { cause });
      }
    },
  };
}
