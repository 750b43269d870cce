import { AnyarchError } from '../../core/error.ts';
import { shellWord } from '../../core/shell-word.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { engineMissing, engineScript, guestSocket, type MachineEngine } from '../engine/engine-setup.ts';
import { machineSockets } from '../life/sockets.ts';
import { isForwardedByQemu } from '../network/network-words.ts';
import type { Forward, MachineRecord, RunningMachine } from '../record.ts';
import { control } from './master.ts';
import { runInGuest } from './run-in-guest.ts';
import type { Reached, ReachedAt } from './ssh-command.ts';

type Forwarding = Reached & { readonly record: Pick<MachineRecord, 'forwards' | 'engine'> };

/** How it started: what goes on has been prepared. */
type ForwardedAt = ReachedAt & Pick<RunningMachine, 'start'>;

/**
 * Opens what leads through the SSH connection, which must be there: the engine's socket and ports of IPv6 addresses.
 * Quick where all is open. An engine that is not installed (yet), or does not listen, is warned about, and tried again
 * the next time: the guest is of use without it.
 *
 * @throws AnyarchError ANYARCH_PORT_IN_USE
 */
export async function openForwards(
  { files, log }: Pick<Host, 'files' | 'log'>,
  machine: Forwarding,
  at: ForwardedAt,
): Promise<void> {
  const { engine } = machine.record;
  const forwards = machine.record.forwards.filter((one) => !isForwardedByQemu(one));
  if (forwards.length === 0 && engine === undefined) return;
  // They belong to one connection: another one has none of them.
  const note = `${machineSockets(at.sockets).ssh}.forwards`;
  const connection = encodeUtf8((await control(machine, at, ['check'])).stderr.trim());
  const noted = ignoring(['ENOENT'], () => files.read(note)) ?? new Uint8Array(0);
  if (connection.length > 0 && decodeUtf8(noted) === decodeUtf8(connection)) return;
  for (const forward of forwards) await forwardPort(machine, at, forward);
  const missing = engine === undefined ? undefined : await forwardEngine(files, machine, at, engine);
  if (missing === undefined) files.writeAtomic(note, connection, 0o600);
  else log.warn(missing);
}

/** @returns what to say where the engine cannot be had */
async function forwardEngine(
  files: Host['files'],
  machine: Forwarding,
  at: ForwardedAt,
  engine: MachineEngine,
): Promise<string | undefined> {
  const missing = await prepareEngine(machine, at, engine);
  if (missing !== undefined) return missing;
  const { engine: socket } = machineSockets(at.sockets);
  const words = ['-L', `${socket}:${guestSocket(engine)}`, '-o', 'StreamLocalBindMask=0177'];
  // A second forward of the same is no error and changes nothing; its socket must not be replaced then.
  if (files.linkStatus(socket) !== undefined) await control(machine, at, ['cancel', ...words]);
  files.remove(socket);
  const result = await control(machine, at, ['forward', ...words]);
  if (result.exitCode === 0) return undefined;
  return `the socket of the machine's engine cannot be had at ${socket}: ${result.stderr.trim()}; it works inside: anyarch machine shell ${machine.record.name} -- sudo ${engine} info`;
}

async function forwardPort(machine: Forwarding, at: ForwardedAt, forward: Forward): Promise<void> {
  const { address, hostPort, guestPort } = forward;
  const words = ['-L', `[${address}]:${hostPort}:127.0.0.1:${guestPort}`];
  const result = await control(machine, at, ['forward', ...words]);
  if (result.exitCode === 0) return;
  throw new AnyarchError(
    'ANYARCH_PORT_IN_USE',
    `port ${hostPort} of ${address} cannot be forwarded to ${machine.record.name}: ${result.stderr.trim()}`,
    { hint: `see who has it: ss -lntup 'sport = :${hostPort}', as root` },
  );
}

/** A guest that goes on listens already: becoming root and asking systemd takes an emulated one seconds. */
function preparedBefore(engine: MachineEngine, words: readonly string[]): string {
  const socket = guestSocket(engine);
  return `[ -S ${socket} ] && [ -w ${socket} ] || exec ${words.map(shellWord).join(' ')}`;
}

/** Milliseconds that an engine has to listen. */
const prepareMs = 120_000;

async function prepareEngine(
  machine: Forwarding,
  at: ForwardedAt,
  engine: MachineEngine,
): Promise<string | undefined> {
  const { user, name } = { ...machine.record.access, name: machine.record.name };
  const asRoot = user === 'root' ? [] : ['sudo', '-n'];
  const script = engineScript(engine, user);
  const words =
    at.start === 'state'
      ? ['sh', '-c', preparedBefore(engine, [...asRoot, 'sh', '-c', script])]
      : [...asRoot, 'sh', '-c', script];
  const result = await runInGuest(machine, at, words, {
    timeoutMs: prepareMs,
  });
  if (result.exitCode === 0) return undefined;
  if (result.exitCode === engineMissing)
    return `${engine} is not installed in ${name}, or not yet: anyarch machine shell ${name} -- cloud-init status --wait, or sudo apt-get install ${engine === 'docker' ? 'docker.io' : 'podman'}`;
  const why = result.timedOut
    ? `it did not in ${prepareMs / 1000} s`
    : result.stderr.trim() || 'no reason given';
  return `${engine} of ${name} could not be made to listen: ${why}; see what it says: anyarch machine shell ${name} -- sudo journalctl -u anyarch-engine -n 20`;
}
