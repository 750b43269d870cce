import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Passed on whenever they are sent to us alone. */
const proxied = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'] as const;
/** The terminal sends these to the whole process group, the guest included. */
const fromTerminal = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Hands signals that this process gets to `deliver`, but those that the guest has got from the terminal already.
 *
 * @returns what ends it
 */
export function forwardSignals(deliver: (signal: NodeJS.Signals) => void): () => void {
  const handlers: (readonly [NodeJS.Signals, () => void])[] = [];
  const listen = (signal: NodeJS.Signals, handler: () => void): void => {
    handlers.push([signal, handler]);
    process.on(signal, handler);
  };
  for (const signal of proxied)
    listen(signal, () => {
      deliver(signal);
    });
  for (const signal of fromTerminal)
    listen(signal, () => {
      if (!process.stdin.isTTY && !process.stdout.isTTY && !process.stderr.isTTY) deliver(signal);
    });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/**
 * Passes a signal to the guest of a launcher. The two processes in between cannot: the outer one ignores signals and
 * the kernel protects a namespace's init from them.
 *
 * @param asRoot sends it with the rights of the namespace's root: a guest of another user id takes none of ours
 */
export function signalGuest(
  launcher: ChildProcess,
  signal: NodeJS.Signals,
  asRoot: (init: number, guest: number, signal: NodeJS.Signals) => void,
): void {
  if (launcher.pid === undefined) return;
  const init = firstChildOf(launcher.pid);
  const guest = init === undefined ? undefined : firstChildOf(init);
  try {
    // Still being set up: nothing of the guest has run, so ending the launcher ends it all.
    if (guest === undefined) launcher.kill('SIGKILL');
    else process.kill(guest, signal);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EPERM' && init !== undefined && guest !== undefined) asRoot(init, guest, signal);
    // It has just ended.
    else if (code !== 'ESRCH') throw error;
  }
}

function firstChildOf(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const first = Number.parseInt(children, 10);
    return Number.isNaN(first) ? undefined : first;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}
