import { randomBytes } from 'node:crypto';
import { absolutePath } from '../../core/absolute-path.ts';
import { AnyarchError } from '../../core/error.ts';
import { printable } from '../../core/printable.ts';
import {
  attachConsole,
  copyInto,
  copyOutOf,
  machineSockets,
  machineStatus,
  parseCopy,
  readMachine,
  shell,
  type Machine,
  type RunningMachine,
} from '../../machine/index.ts';
import type { Context, Handler } from '../command.ts';
import type { machineConsole, machineCopy, machineShell } from '../commands/machine-access.ts';
import { guestResult } from '../guest-result.ts';
import { withProgress } from '../progress.ts';
import { startedMachine } from './machine-started.ts';

export const handleMachineShell: Handler<(typeof machineShell)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const [name = '', ...rest] = positionals;
  const words = rest[0] === '--' ? rest.slice(1) : rest;
  const machine = readMachine(context.host, name);
  const running = await usableMachine(context, machine, options);
  const hasTerminal = process.stdin.isTTY && (process.stdout.isTTY || words.length === 0);
  context.handOverSignals();
  const code = await shell(machine, running, {
    words,
    isInteractive: hasTerminal,
    mark: `anyarch-${randomBytes(8).toString('hex')}`,
  });
  return guestResult(code, undefined);
};

export const handleMachineCopy: Handler<(typeof machineCopy)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const { direction, machine: name, sources, target } = parseCopy(positionals);
  const { host, signal } = context;
  const machine = readMachine(host, name);
  // One place for many must be a directory; a slash or a dot at the end of a path says something and stays.
  const place = sources.length > 1 ? `${target}/.` : target;
  const onHost = (path: string): string => absolutePath(path, process.cwd());
  const running = await usableMachine(context, machine, options);
  await withProgress(context, async (onProgress) => {
    const further = { onProgress, signal };
    for (const source of sources)
      if (direction === 'into')
        await copyInto(host, machine, running, { source: onHost(source), target: place, ...further });
      else await copyOutOf(host, machine, running, { source, target: onHost(place), ...further });
  });
  return {
    exitCode: 0,
    document: { schema: 'anyarch/machine-copy/1', machine: name, direction, sources, target },
  };
};

export const handleMachineConsole: Handler<(typeof machineConsole)['options']> = async ({
  positionals,
  context,
}) => {
  const { host, terminal, signal } = context;
  const machine = readMachine(host, positionals[0] ?? '');
  const { name } = machine.record;
  const status = machineStatus(host, machine);
  if (status.kind === 'stopped')
    throw new AnyarchError('ANYARCH_MACHINE_STOPPED', `${name} is stopped, and so has no console`, {
      hint: `anyarch machine start ${name}; what its console printed before: anyarch machine logs ${name}`,
    });
  if (terminal.interactive) terminal.writeError(`console of ${name}; Ctrl-] leaves\r\n`);
  const end = await attachConsole(host, {
    socket: machineSockets(status.running.sockets).console,
    input: process.stdin,
    output: process.stdout,
    signal,
  });
  const said = end === 'stopped' ? `${name} has stopped` : undefined;
  return guestResult(0, said);
};

interface Given {
  readonly wait?: string;
  readonly 'no-start'?: boolean;
  readonly 'no-fetch'?: boolean;
  readonly mirror?: string;
}

/** Started if need be; what its first start could not do of what it was told is said, and does not keep anybody out. */
async function usableMachine(context: Context, machine: Machine, options: Given): Promise<RunningMachine> {
  const { running, cloudInit } = await startedMachine(context, machine, {
    wait: options.wait === 'ssh' || options.wait === 'cloud-init' ? options.wait : 'use',
    noStart: options['no-start'],
    noFetch: options['no-fetch'],
    mirror: options.mirror,
  });
  if (cloudInit?.status === 'failed')
    for (const error of cloudInit.errors) context.terminal.writeError(`cloud-init: ${printable(error)}\n`);
  return running;
}
