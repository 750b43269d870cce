import { createConnection } from 'node:net';

/**
 * - `ssh`: an SSH server greets
 * - `closed`: the guest's network is there, and nobody listens at the port, or something else than an SSH server
 * - `silent`: nobody says anything in time: the guest is busy, or has no network
 */
export type Greeting = 'ssh' | 'closed' | 'silent';

/**
 * What answers at an SSH port. A connection alone says nothing: QEMU accepts it for a guest in which nobody listens yet, and
 * closes it once the guest refuses it.
 *
 * @param options.port of the host's 127.0.0.1
 * @param options.timeoutMs for all of it
 * @param options.signal ends it: `silent`
 */
export async function greetingOf({
  port,
  timeoutMs,
  signal,
}: {
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}): Promise<Greeting> {
  return await new Promise<Greeting>((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const finish = (greeting: Greeting): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(greeting);
    };
    const giveUp = (): void => {
      finish('silent');
    };
    const timer = setTimeout(giveUp, timeoutMs);
    signal.addEventListener('abort', giveUp);
    socket.once('data', (chunk: Buffer) => {
      finish(chunk.toString('latin1').startsWith('SSH-') ? 'ssh' : 'closed');
    });
    socket.once('error', () => {
      finish('closed');
    });
    socket.once('close', () => {
      finish('closed');
    });
  });
}
