import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import type { Forward, MachineRecord } from '../record.ts';
import { clash, describeForward } from './forward.ts';
import { findPortHolder, type PortHolder } from './port-holder.ts';
import { tryPort } from './try-port.ts';

type Parts = Pick<Host, 'files'>;
type Networked = Pick<MachineRecord, 'name' | 'forwards'>;

/**
 * Makes sure that every port which is to lead into a machine can be had, and finds one for SSH.
 *
 * @throws AnyarchError ANYARCH_PORT_IN_USE, ANYARCH_PERMISSION for a port that is root's, ANYARCH_LISTEN
 */
export async function allocateNetwork(host: Parts, record: Networked): Promise<{ readonly sshPort: number }> {
  for (const forward of record.forwards) {
    const result = await tryPort({ ...forward, port: forward.hostPort });
    if (typeof result === 'string') throw refusedPort(host, record, forward, result);
  }
  const reserved = new Set(record.forwards.map(({ hostPort }) => hostPort));
  for (;;) {
    const sshPort = await freeSshPort();
    if (!reserved.has(sshPort)) return { sshPort };
  }
}

/**
 * Refuses what will be refused at every start. A port that is taken now may be free by then, and an address may have come.
 *
 * @throws AnyarchError ANYARCH_PERMISSION for a port that is root's
 */
export async function refuseForbiddenPorts(host: Parts, record: Networked): Promise<void> {
  for (const forward of record.forwards)
    if ((await tryPort({ ...forward, port: forward.hostPort })) === 'EACCES')
      throw refusedPort(host, record, forward, 'EACCES');
}

/** One that nobody listens on now. Somebody else may be quicker than QEMU: `networkFailure`. */
async function freeSshPort(): Promise<number> {
  const result = await tryPort({ protocol: 'tcp', address: '127.0.0.1', port: 0 });
  if (typeof result === 'number') return result;
  throw new AnyarchError('ANYARCH_LISTEN', `no port of 127.0.0.1 can be listened on: ${result}`, {
    hint: 'is the loopback device up? ip link set lo up',
  });
}

/**
 * Why QEMU could not set a forward up; undefined where it did not say so.
 *
 * @param messages what QEMU printed
 */
export function networkFailure(host: Parts, record: Networked, messages: string): AnyarchError | undefined {
  const [, protocol, address = '', port] =
    /Could not set up host forwarding rule '(tcp|udp):([^:']*):(\d+)-/.exec(messages) ?? [];
  if (port === undefined) return undefined;
  const asked = record.forwards.find(
    (one) => one.protocol === protocol && one.address === address && one.hostPort === Number(port),
  );
  const ssh: Forward = { protocol: 'tcp', address, hostPort: Number(port), guestPort: 22 };
  return refusedPort(host, record, asked ?? ssh, 'EADDRINUSE');
}

function refusedPort({ files }: Parts, record: Networked, forward: Forward, errno: string): AnyarchError {
  const { name } = record;
  const { protocol, address, hostPort } = forward;
  const shown = `${protocol === 'udp' ? 'UDP port' : 'port'} ${hostPort} of ${address}`;
  const details = { forward: describeForward(forward), errno };
  if (errno === 'EADDRINUSE') {
    const holder = findPortHolder(files, protocol, hostPort);
    const machine = holder === undefined ? undefined : machineOf(holder);
    const who =
      holder === undefined
        ? 'another program'
        : machine === undefined
          ? `process ${holder.pid} (${shortened(holder.command)})`
          : `machine ${machine}`;
    const another = withAnother(record, forward);
    return new AnyarchError('ANYARCH_PORT_IN_USE', `${shown} is taken by ${who}; it was to lead to ${name}`, {
      hint:
        holder === undefined
          ? `see who it is: ss -lntup 'sport = :${hostPort}', as root; or ${another}`
          : `${machine === undefined ? 'end that process' : `anyarch machine stop ${machine}`}, or ${another}`,
      details: { ...details, ...(holder === undefined ? {} : { pid: holder.pid }) },
    });
  }
  if (errno === 'EACCES')
    return new AnyarchError('ANYARCH_PERMISSION', `${shown} is for root only`, {
      hint: `take a port from 1024 on, or let users have lower ones: sysctl net.ipv4.ip_unprivileged_port_start=${hostPort}`,
      details,
    });
  return new AnyarchError('ANYARCH_LISTEN', `${shown} cannot be listened on: ${errno}`, {
    hint: 'the address must be one of this machine: ip address show; 0.0.0.0 stands for all of them',
    details,
  });
}

/** How the machine gets another port instead. The one for SSH is nobody's wish: each start looks for a free one. */
function withAnother({ name, forwards }: Networked, refused: Forward): string {
  if (!forwards.includes(refused)) return `start it again: anyarch machine start ${name}`;
  const others = forwards.filter((one) => one !== refused);
  let another = withNextPort(refused);
  while (others.some((one) => clash(one, another))) another = withNextPort(another);
  const ports = forwards.map((one) => `--port ${describeForward(one === refused ? another : one)}`);
  return `take another one: anyarch machine set ${name} ${ports.join(' ')}`;
}

function withNextPort(forward: Forward): Forward {
  return { ...forward, hostPort: forward.hostPort < 65_535 ? forward.hostPort + 1 : 1024 };
}

/** Whose QEMU it is, by the file that it logs its console to. */
function machineOf({ command }: PortHolder): string | undefined {
  const name = / -name guest=([^, ]+),/.exec(command)?.[1];
  return name !== undefined && command.includes(`/machines/${name}/console.log`) ? name : undefined;
}

function shortened(command: string): string {
  return command.length > 60 ? `${command.slice(0, 59)}…` : command;
}
