import { AnyarchError } from '../../core/error.ts';
import { shellWord } from '../../core/shell-word.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import {
  engineMissing,
  enginePackages,
  engineScript,
  engineService,
  guestSocket,
  type MachineEngine,
} from '../engine/engine-setup.ts';
import { machineSockets } from '../life/sockets.ts';
import { isForwardedByQemu } from '../network/network-words.ts';
import type { Forward, MachineRecord } from '../record.ts';
import { control } from './master.ts';
import { runInGuest } from './run-in-guest.ts';
import type { Reached, ReachedAt } from './ssh-command.ts';

type Forwarding = Reached & { readonly record: Pick<MachineRecord, 'forwards' | 'engine'> };

/** Milliseconds that an engine has to listen: for who waits for the machine, and for who wants only to get in. */
const prepareMs = { whole: 120_000, short: 3_000 } as const;
/** Milliseconds after which an engine that did not listen in time is asked again by who does not wait for it. */
const againMs = 60_000;

export type EnginePatience = keyof typeof prepareMs;

/**
 * Opens what leads through the SSH connection, which must be there: the engine's socket and ports of IPv6 addresses.
 * Quick where all is open. An engine that is not installed (yet), or does not listen, is warned about, and tried again
 * the next time: the guest is of use without it. Its socket leads to it as soon as it listens.
 *
 * @throws AnyarchError ANYARCH_PORT_IN_USE
 */
export async function openForwards(
  { files, log, clock }: Pick<Host, 'files' | 'log' | 'clock'>,
  machine: Forwarding,
  at: ReachedAt,
  patience: EnginePatience,
): Promise<void> {
  const { engine } = machine.record;
  const forwards = machine.record.forwards.filter((one) => !isForwardedByQemu(one));
  if (forwards.length === 0 && engine === undefined) return;
  // They belong to one connection: another one has none of them.
  const note = `${machineSockets(at.sockets).ssh}.forwards`;
  const connection = (await control(machine, at, ['check'])).stderr.trim();
  const [noted = '', lateMs] = decodeUtf8(
    ignoring(['ENOENT'], () => files.read(note)) ?? new Uint8Array(0),
  ).split('\n');
  const isSame = connection !== '' && noted === connection;
  if (isSame && lateMs === undefined) return;
  if (isSame && patience === 'short' && clock.now() - Number(lateMs) < againMs) return;
  if (!isSame) for (const forward of forwards) await forwardPort(machine, at, forward);
  const state = engine === undefined ? 'open' : await forwardEngine(files, machine, at, { engine, patience });
  if (state === 'open') files.writeAtomic(note, encodeUtf8(connection), 0o600);
  else {
    log.warn(state.warning);
    if (state.isLate) files.writeAtomic(note, encodeUtf8(`${connection}\n${clock.now()}`), 0o600);
  }
}

interface Wanted {
  readonly engine: MachineEngine;
  readonly patience: EnginePatience;
}

/** `isLate`: the guest goes on with it. */
type EngineState = 'open' | { readonly warning: string; readonly isLate: boolean };

async function forwardEngine(
  files: Host['files'],
  machine: Forwarding,
  at: ReachedAt,
  wanted: Wanted,
): Promise<EngineState> {
  const state = await prepareEngine(machine, at, wanted);
  if (state !== 'open' && !state.isLate) return state;
  const refusal = await forwardSocket(files, machine, at, wanted);
  return refusal === undefined ? state : { warning: refusal, isLate: false };
}

/** @returns what to say where it cannot be had */
async function forwardSocket(
  files: Host['files'],
  machine: Forwarding,
  at: ReachedAt,
  { engine }: Wanted,
): Promise<string | undefined> {
  const { engine: socket } = machineSockets(at.sockets);
  const words = ['-L', `${socket}:${guestSocket(engine)}`, '-o', 'StreamLocalBindMask=0177'];
  // A second forward of the same is no error and changes nothing; its socket must not be replaced then.
  if (files.linkStatus(socket) !== undefined) await control(machine, at, ['cancel', ...words]);
  files.remove(socket);
  const result = await control(machine, at, ['forward', ...words]);
  if (result.exitCode === 0) return undefined;
  return `the socket of the machine's engine cannot be had at ${socket}: ${result.stderr.trim()}; the engine works inside: anyarch machine shell ${machine.record.name}`;
}

async function forwardPort(machine: Forwarding, at: ReachedAt, forward: Forward): Promise<void> {
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

/** A guest that was ready before listens already: becoming root and asking systemd takes an emulated one seconds. */
function preparedBefore(engine: MachineEngine, words: readonly string[]): string {
  const socket = guestSocket(engine);
  return `[ -S ${socket} ] && [ -w ${socket} ] || exec ${words.map(shellWord).join(' ')}`;
}

async function prepareEngine(
  machine: Forwarding,
  at: ReachedAt,
  { engine, patience }: Wanted,
): Promise<EngineState> {
  const { user, name } = { ...machine.record.access, name: machine.record.name };
  const asRoot = user === 'root' ? [] : ['sudo', '-n'];
  const words = ['sh', '-c', preparedBefore(engine, [...asRoot, 'sh', '-c', engineScript(engine, user)])];
  const timeoutMs = prepareMs[patience];
  const result = await runInGuest(machine, at, words, { timeoutMs });
  if (result.exitCode === 0) return 'open';
  if (result.exitCode === engineMissing)
    return {
      warning: `${engine} is not installed in ${name}, or not yet: anyarch machine shell ${name} -- cloud-init status --wait, or sudo apt-get install ${enginePackages(engine)[0] ?? engine}`,
      isLate: false,
    };
  const look = `anyarch machine shell ${name} -- sudo journalctl -n 20 -u ${engineService(engine)}`;
  if (result.timedOut)
    return {
      warning:
        patience === 'short'
          ? `${engine} of ${name} does not listen yet; anyarch machine start ${name} waits for it, and this does not: ${look}`
          : `${engine} of ${name} does not listen after ${timeoutMs / 1000} s; see what it says: ${look}`,
      isLate: true,
    };
  const why = result.stderr.trim() || 'no reason given';
  return {
    warning: `${engine} of ${name} could not be made to listen: ${why}; see what it says: ${look}`,
    isLate: false,
  };
}
