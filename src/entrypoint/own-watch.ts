import type { CommandDefinition, OptionDefinition, Outcome } from '../cli/command.ts';
import { watch as watchCommand } from '../cli/commands/watch.ts';
import { outputFailure } from '../cli/output-failure.ts';
import type { ParsedCommandLine } from '../cli/parse.ts';
import { watchOptions } from '../cli/watch-options.ts';
import { architectures } from '../core/architecture.ts';
import type { DialectCall, Live } from '../dialects/index.ts';
import { chooseEmulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { SystemError } from '../host/system-error.ts';
import { nativeArchitectures, readTable, withProver } from '../registration/index.ts';
import { eventJson, eventText, watchRounds } from '../watch/index.ts';

/** Without the server, which takes more than the image's program has. */
export const ownWatchCommand: CommandDefinition = {
  ...watchCommand,
  description: `${watchCommand.description ?? ''}
In a container, which remembers nothing, without names: everything that the image has.`,
  options: Object.fromEntries(
    Object.entries<OptionDefinition>(watchCommand.options).filter(([name]) => name !== 'metrics-listen'),
  ),
  examples: [
    {
      command: 'docker run -d --restart always --privileged anyarch watch arm64 riscv64',
      does: 'register two architectures and keep them up',
    },
    ...watchCommand.examples.filter(({ command }) => command.includes('--once')),
  ],
};

/** Prints while it goes on. */
export function watchInContainer(
  { host, version, live }: DialectCall,
  { options: values, positionals, json }: ParsedCommandLine,
): Outcome {
  if (live === undefined) throw new Error('this program cannot print while it goes on');
  const state = stateDirectory(host.system);
  const isContainer = host.system.hostFiles !== undefined;
  const parsed = watchOptions(values, positionals, { from: '/', version });
  const isEverything = isContainer && (parsed.architectures ?? []).length === 0;
  const rounds = watchRounds(host, state, {
    ...parsed,
    ...(isEverything ? { architectures: everythingInImage(host, state) } : {}),
    adopt: isContainer,
  });
  try {
    for (let step = rounds.next('elapsed'); ; step = rounds.next(live.wait(step.value.waitMs))) {
      if (step.done === true) return { exitCode: step.value };
      for (const event of step.value.events) print(live, json ? eventJson(event) : eventText(event));
    }
  } catch (error) {
    // Nobody reads any more: as a shell sees a program that SIGPIPE ended.
    if (error instanceof SystemError && error.errno === 'EPIPE') return { exitCode: 141 };
    throw error;
  } finally {
    rounds.return(0);
  }
}

function print(live: Live, line: string): void {
  try {
    live.print(line);
  } catch (error) {
    if (error instanceof SystemError && error.errno === 'EPIPE') throw error;
    // Who closes the output wants none, as with Node, which puts /dev/null there.
    if (error instanceof SystemError && error.errno === 'EBADF') return;
    throw outputFailure(error);
  }
}

function everythingInImage(host: Host, state: string): string[] {
  const native = withProver(host, state, (prover) => nativeArchitectures(host, readTable(host), prover));
  return architectures
    .map(({ name }) => name)
    .filter((name) => !native.has(name) && chooseEmulator(host, name).emulator !== undefined);
}
