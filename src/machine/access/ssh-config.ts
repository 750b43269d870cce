import { sshOptions, type Reached, type ReachedAt } from './ssh-command.ts';

/**
 * A machine as ssh_config(5) has it, for ssh, scp, rsync, editors and other programs that use SSH: the same as `sshCommand`, and
 * what a person's own configuration says of all hosts does not lead astray. While anyarch's own connection is open, it is
 * shared, whatever the port.
 *
 * @param alias what is typed behind `ssh`
 */
export function sshConfig(machine: Reached, at: ReachedAt, alias: string): string {
  const { record } = machine;
  const { ControlPath, ...others } = sshOptions(machine, at);
  const lines = Object.entries({
    HostName: '127.0.0.1',
    Port: String(at.sshPort),
    User: record.access.user,
    ControlPath: quoted(ControlPath),
    ControlMaster: 'no',
    ProxyCommand: 'none',
    ...others,
  }).map(([name, value]) => `  ${name} ${value}\n`);
  return `Host ${alias}\n${lines.join('')}`;
}

function quoted(path: string): string {
  return `"${path}"`;
}
