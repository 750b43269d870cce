import { AnyarchError } from '../../core/error.ts';
import { machineStatus, readMachine, sshConfig } from '../../machine/index.ts';
import type { Handler } from '../command.ts';
import type { machineSshConfig } from '../commands/machine-ssh-config.ts';

export const handleMachineSshConfig: Handler<(typeof machineSshConfig)['options']> = ({
  options,
  positionals,
  context,
}) => {
  const { host } = context;
  const machine = readMachine(host, positionals[0] ?? '');
  const { name } = machine.record;
  const alias = options.host ?? `anyarch-${name}`;
  // Blanks would make several of it, and other signs a pattern.
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(alias))
    throw new AnyarchError(
      'ANYARCH_USAGE',
      `--host ${alias.slice(0, 60)}: ssh takes no such name for one host`,
      {
        hint: `anyarch machine ssh-config ${name} --host ${name}`,
      },
    );
  const status = machineStatus(host, machine);
  if (status.kind === 'stopped')
    throw new AnyarchError('ANYARCH_MACHINE_STOPPED', `${name} is stopped, and so has no port`, {
      hint: `anyarch machine start ${name}`,
      details: { name },
    });
  const config = sshConfig(machine, status.running, alias);
  return {
    exitCode: 0,
    document: {
      schema: 'anyarch/machine-ssh-config/1',
      name,
      host: alias,
      port: status.running.sshPort,
      user: machine.record.access.user,
      key: machine.record.access.key,
      config,
    },
    text: config,
  };
};
