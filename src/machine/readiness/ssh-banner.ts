import { createConnection } from 'node:net';

/**
 * Whether an SSH server greets. A connection alone says nothing: QEMU accepts it for a guest in which nobody listens yet.
 *
 * @param options.port of the host's 127.0.0.1
 * @param options.timeoutMs for all of it
 */
export async function answersAsSsh({
  port,
  timeoutMs,
}: {
  readonly port: number;
  readonly timeoutMs: number;
}): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const finish = (answers: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    const timer = setTimeout(finish, timeoutMs, false);
    socket.once('data', (chunk: Buffer) => {
      finish(chunk.toString('latin1').startsWith('SSH-'));
    });
    socket.once('error', () => {
      finish(false);
    });
    socket.once('close', () => {
      finish(false);
    });
  });
}
