import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { insideCommand } from '../host/node/inside.ts';

/** Sends a signal to a process of a namespace as its root; nothing happens where it has just ended. */
export function signalInside(host: Host, init: number, pid: number, signal: NodeJS.Signals): void {
  try {
    // The numbers are ours: only the user namespace is entered, not that of processes.
    const command = ['/bin/sh', '-c', 'kill -s "$1" "$2"', 'sh', signal.replace(/^SIG/, ''), `${pid}`];
    const result = host.processes.run([...insideCommand(host, init, { mount: false }), ...command], {
      timeoutMs: 5000,
    });
    if (result.exitCode !== 0) host.log.debug(`${signal} did not reach the guest: ${result.stderr.trim()}`);
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    host.log.debug(`${signal} did not reach the guest: ${error.message}`);
  }
}
