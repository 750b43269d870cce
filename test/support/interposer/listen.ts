import { chmodSync, existsSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';

export interface Listener {
  /** What was written by those who have gone, one behind the other. */
  readonly text: () => string;
  /** The socket stays, and nobody listens to it. */
  readonly stop: () => Promise<void>;
}

/** A socket that everybody may connect to. */
export async function listen(path: string): Promise<Listener> {
  const texts = new Map<number, string>();
  const server = createServer((connection) => {
    const index = texts.size;
    texts.set(index, '');
    connection.on('data', (part) => texts.set(index, `${texts.get(index) ?? ''}${part.toString()}`));
    connection.on('error', () => undefined);
  });
  // A server removes the path that it was given, when it is still there.
  const given = `${path}.new`;
  await new Promise<void>((resolve) => server.listen(given, resolve));
  chmodSync(given, 0o666);
  renameSync(given, path);
  return {
    text: () => [...texts.values()].join(''),
    stop: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => server.close(resolve));
      if (!existsSync(path)) throw new Error(`${path} has gone`);
    },
  };
}
