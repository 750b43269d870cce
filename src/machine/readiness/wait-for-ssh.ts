import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../../host/host.ts';
import { openMaster, type Login } from '../access/master.ts';
import type { Machine } from '../life/machine.ts';
import type { RunningMachine } from '../record.ts';
import { greetingOf, type Greeting } from './ssh-banner.ts';

export interface SshWait {
  /** What one attempt may take, in milliseconds. */
  readonly attemptMs: number;
  readonly signal: AbortSignal;
  /** What an attempt met with. */
  readonly onGreeting: (greeting: Greeting) => void;
  /** It is there, but does not let us in, or is not the one that we know. */
  readonly onRefusal: (login: Login) => void;
}

/** Milliseconds between two attempts. */
const pauseMs = 500;

/**
 * Tries until a command could be run over SSH.
 *
 * @returns false when the signal was given before
 */
export async function waitForSsh(
  host: Pick<Host, 'files'>,
  machine: Machine,
  running: RunningMachine,
  { attemptMs, signal, onGreeting, onRefusal }: SshWait,
): Promise<boolean> {
  // The server of a guest that goes on is there: each connection costs an emulated one a new process.
  let isThere = running.start === 'state';
  for (;;) {
    if (isOver(signal)) return false;
    const greeting = isThere
      ? 'ssh'
      : await greetingOf({ port: running.sshPort, timeoutMs: attemptMs, signal });
    if (isOver(signal)) return false;
    if (!isThere) onGreeting(greeting);
    isThere = false;
    if (greeting === 'ssh') {
      const login = await openMaster(host, machine, running, {
        timeoutMs: attemptMs * 3,
        signal,
      });
      if (login.state === 'open') return true;
      if (!isOver(signal)) onRefusal(login);
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Read anew each time: it changes while something is awaited. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
