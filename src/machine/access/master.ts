import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { machineSockets } from '../life/sockets.ts';
import { runProgram } from './run-program.ts';
import { sshCommand, type Reached, type ReachedAt } from './ssh-command.ts';

/**
 * - `open`: commands go through it from now on
 * - `unreachable`: nobody answers yet, or not in time
 * - `denied`: sshd answers, but lets us not in (yet: cloud-init makes the user after sshd is up)
 * - `otherKey`: somebody else answers than the guest that was made, or cloud-init has not put its key there
 */
export type LoginState = 'open' | 'unreachable' | 'denied' | 'otherKey';

export interface Login {
  readonly state: LoginState;
  /** What ssh said. */
  readonly message: string;
}

export interface LoginOptions {
  /** How long one attempt may take; a slow guest needs seconds for the cryptography alone. Default 30 000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Logs in once and leaves the connection to a process in the background, which all further commands share: a connection
 * takes a guest that is emulated 1 to 2.5 s, a further session 0.06 s. It ends when the guest, or QEMU, does.
 *
 * @throws AnyarchError ANYARCH_PROGRAM_NOT_FOUND without ssh
 */
export async function openMaster(
  { files }: Pick<Host, 'files'>,
  machine: Reached,
  at: ReachedAt,
  { timeoutMs = 30_000, signal }: LoginOptions = {},
): Promise<Login> {
  const socket = machineSockets(at.sockets).ssh;
  if (files.linkStatus(socket) !== undefined && (await isOpen(machine, at)))
    return { state: 'open', message: '' };
  // One that died leaves its socket behind, and ssh would refuse to be a second master.
  files.remove(socket);
  const options = ['-M', '-N', '-f', '-o', `ConnectTimeout=${Math.ceil(timeoutMs / 1000)}`];
  const result = await runProgram(sshCommand(machine, at, { options }), {
    timeoutMs,
    goesOn: true,
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.startError !== undefined) throw noSsh(result.startError);
  const message = result.stderr.trim();
  if (result.exitCode === 0) return { state: 'open', message };
  return { state: stateOf(message), message };
}

/** Whether a connection is there that commands can share. */
export async function isOpen(machine: Reached, at: ReachedAt): Promise<boolean> {
  const result = await control(machine, at, ['check']);
  if (result.startError !== undefined) throw noSsh(result.startError);
  return result.exitCode === 0;
}

/** Tells the process in the background something (ssh(1), -O). */
export async function control(machine: Reached, at: ReachedAt, [verb = '', ...options]: readonly string[]) {
  return await runProgram(sshCommand(machine, at, { options: ['-O', verb, ...options] }), {
    timeoutMs: 10_000,
  });
}

export function stateOf(message: string): LoginState {
  if (/Host key verification failed|IDENTIFICATION HAS CHANGED|no matching host key/.test(message))
    return 'otherKey';
  return /Permission denied|Too many authentication failures/.test(message) ? 'denied' : 'unreachable';
}

function noSsh(errno: string): AnyarchError {
  return new AnyarchError('ANYARCH_PROGRAM_NOT_FOUND', `ssh could not be started: ${errno}`, {
    hint: 'machines are reached by SSH: apt-get install openssh-client',
  });
}
