import { stateDirectory } from '../../host/state-directory.ts';
import { SystemError } from '../../host/system-error.ts';
import { eventJson, eventText, watchRounds, type Round } from '../../watch/index.ts';
import type { Context, Handler } from '../command.ts';
import type { watch } from '../commands/watch.ts';
import { listenAddress } from '../listen-address.ts';
import { serveMetrics } from '../metrics-server.ts';
import { outputFailure } from '../output-failure.ts';
import { ownVersion } from '../own-package.ts';
import { waitForSignals } from '../wait-for-signals.ts';
import { watchOptions } from '../watch-options.ts';

/** What a shell sees of a program that SIGPIPE ended. */
const brokenPipe = 141;

export const handleWatch: Handler<(typeof watch)['options']> = async ({ options, positionals, context }) => {
  const { host, signal } = context;
  const listen = options['metrics-listen'];
  const address = listen === undefined ? undefined : listenAddress(listen, process.cwd());
  const wishes = watchOptions(options, positionals, { from: process.cwd(), version: ownVersion() });
  const rounds = watchRounds(host, stateDirectory(host.system), wishes);
  const waiter = waitForSignals(signal);
  let server: Awaited<ReturnType<typeof serveMetrics>> | undefined;
  let latest: Round | undefined;
  try {
    // Before anything is changed: a watch that cannot be looked at is not what was asked for.
    if (address !== undefined)
      server = await serveMetrics(address, () => ({
        metrics: latest?.metrics() ?? '',
        isAlive: latest?.isAlive() ?? false,
      }));
    let step = rounds.next('elapsed');
    for (;;) {
      if (step.done === true) return { exitCode: step.value };
      latest = step.value;
      for (const event of step.value.events)
        print(context, context.json ? eventJson(event) : eventText(event));
      step = rounds.next(await waiter.wait(step.value.waitMs));
    }
  } catch (error) {
    if (error instanceof SystemError && error.errno === 'EPIPE') return { exitCode: brokenPipe };
    throw error;
  } finally {
    waiter.release();
    rounds.return(0);
    await server?.close();
  }
};

/** @throws SystemError EPIPE when nobody reads any more: then nothing is watched for anybody */
function print({ terminal }: Context, line: string): void {
  try {
    terminal.writeResult(line);
  } catch (error) {
    if (error instanceof SystemError && error.errno === 'EPIPE') throw error;
    throw outputFailure(error);
  }
}
