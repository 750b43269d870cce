import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buildLauncher } from '../../src/core/launcher/build-launcher.ts';
import { readFailureRecord } from '../../src/core/launcher/failure-record.ts';
import { launcherHostOf } from '../../src/core/launcher/find-launcher-host.ts';
import type { Step } from '../../src/core/launcher/program.ts';
import { installLauncher } from '../../src/host/launcher-place.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';

/** A process that keeps namespaces, mounts and descriptors alive. */
export interface Holder {
  readonly pid: number;
  readonly close: () => Promise<void>;
}

/**
 * Starts a process, in a process group of its own, that carries out the steps and then waits. Should this process
 * die, the holder reads the end of its standard input and ends too.
 *
 * @throws Error when a step fails
 */
export async function startHolder(steps: readonly Step[]): Promise<Holder> {
  const { files, system } = nodeHost();
  const launcherHost = launcherHostOf(system.machine);
  if (launcherHost === undefined) throw new Error(`no launcher for ${system.machine}`);
  const program = {
    steps: [
      ...steps,
      // Closing the report says that it is ready.
      { call: 'close', arguments: [3] },
      { call: 'read', arguments: [0, new Uint8Array(1), 1] },
    ] satisfies Step[],
  };
  const launcher = installLauncher({ files, system }, buildLauncher(launcherHost, program));
  const holder = spawn(launcher, [], { stdio: ['pipe', 'ignore', 'inherit', 'pipe'], detached: true });
  const { pid } = holder;
  const report = holder.stdio[3];
  if (pid === undefined || !(report instanceof Readable)) throw new Error('the holder did not start');
  const failure = readFailureRecord(Buffer.concat((await report.toArray()) as Buffer[]), launcherHost);
  if (failure !== undefined) {
    throw new Error(`errno ${failure.errno} from ${JSON.stringify(program.steps[failure.step])}`);
  }
  return {
    pid,
    close: async () => {
      if (holder.exitCode !== null || holder.signalCode !== null) return;
      holder.stdin?.end();
      await once(holder, 'exit');
    },
  };
}
