import type { Handler } from '../command.ts';
import type { machineRestart } from '../commands/machine-restart.ts';
import { handleMachineStart, handleMachineStop } from './machine-life.ts';

export const handleMachineRestart: Handler<(typeof machineRestart)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const { force, timeout, wait, mirror } = options;
  const [name = ''] = positionals;
  const stopped = await handleMachineStop({
    options: {
      ...(force === undefined ? {} : { force }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(options['never-force'] === undefined ? {} : { 'never-force': options['never-force'] }),
    },
    positionals,
    context,
  });
  const started = await handleMachineStart({
    options: {
      ...(wait === undefined ? {} : { wait }),
      ...(mirror === undefined ? {} : { mirror }),
      ...(options['no-fetch'] === undefined ? {} : { 'no-fetch': options['no-fetch'] }),
    },
    positionals,
    context,
  });
  return {
    exitCode: started.exitCode,
    document: {
      schema: 'anyarch/machine-restart/1',
      name,
      stopped: stopped.document,
      started: started.document,
    },
    text: `${stopped.text ?? ''}${started.text ?? ''}`,
  };
};
