import { AnyarchError } from '../../core/error.ts';
import {
  followFile,
  guestState,
  listMachines,
  lookAtMachine,
  machineSockets,
  machineStatus,
  readMachine,
  readTail,
  withoutControls,
} from '../../machine/index.ts';
import type { Handler } from '../command.ts';
import type { machineList, machineLogs, machineShow } from '../commands/machine-look.ts';
import { listOutcome, showOutcome } from '../reports/machine.ts';
import { wholeNumber } from './machine/size.ts';

export const handleMachineList: Handler<(typeof machineList)['options']> = ({ options, context }) =>
  listOutcome(listMachines(context.host), { isQuiet: options.quiet === true, style: context.terminal.style });

export const handleMachineShow: Handler<(typeof machineShow)['options']> = async ({
  positionals,
  context,
}) => {
  const [name = ''] = positionals;
  // Says so when there is none.
  readMachine(context.host, name);
  const looked = lookAtMachine(context.host, name);
  const { status } = looked;
  const guest =
    status?.kind === 'running' ? await guestState(machineSockets(status.running.sockets).qmp) : undefined;
  return showOutcome(looked, guest, context.terminal.style);
};

export const handleMachineLogs: Handler<(typeof machineLogs)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const { host, terminal, json, signal } = context;
  const [name = ''] = positionals;
  const machine = readMachine(host, name);
  const path = options.qemu === true ? machine.places.messages : machine.places.console;
  const lines =
    options.lines === undefined
      ? undefined
      : wholeNumber('--lines', options.lines, { from: 1, to: 999_999_999 });
  const shown = options.raw === true ? (text: string) => text : withoutControls;
  const size = host.files.status(path)?.size ?? 0;
  const { text, omittedBytes } = readTail(host, path, { shown, lines, size });
  if (lines === undefined && omittedBytes > 0)
    host.log.warn(`the first ${omittedBytes} bytes of ${path} are left out`);
  if (options.follow !== true)
    return {
      exitCode: 0,
      document: { schema: 'anyarch/machine-logs/1', name, path, omittedBytes, text },
      text: text === '' || text.endsWith('\n') ? text : `${text}\n`,
    };
  if (json)
    throw new AnyarchError('ANYARCH_USAGE', '--follow has no end, and so no document', {
      hint: `anyarch machine logs ${name} --json`,
    });
  terminal.writeResult(text);
  const decoder = new TextDecoder();
  const isOver = (): boolean => machineStatus(host, machine).kind === 'stopped';
  for await (const chunk of followFile(host, path, { from: size, isOver, signal }))
    terminal.writeResult(shown(decoder.decode(chunk, { stream: true })));
  return { exitCode: 0 };
};
