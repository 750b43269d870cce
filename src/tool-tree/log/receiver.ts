import type { Socket } from 'node:net';
import { longestTold } from './log-line.ts';

/**
 * What those that connect may take. An interposer tells at once and is gone when the program starts; whoever is slower
 * than these is none.
 */
export const limits = {
  /** Connections at a time; a further one ends the oldest. */
  connections: 256,
  /** Milliseconds without a word. */
  idleMs: 2000,
} as const;

/** Takes what each connection tells until its end, at most `longestTold` bytes. */
export interface Receiver {
  /** @param deliver is called once, with what was told; with nothing where that was too much */
  accept(connection: Socket, deliver: (told: Uint8Array) => void): void;
  /** Connections that have not ended. */
  waiting(): number;
  /** Ends these. */
  end(): void;
}

interface Connection {
  told: Buffer;
  readonly deliver: (told: Uint8Array) => void;
}

export function lineReceiver(): Receiver {
  const open = new Map<Socket, Connection>();
  const finish = (socket: Socket): void => {
    const connection = open.get(socket);
    open.delete(socket);
    socket.destroy();
    connection?.deliver(connection.told);
  };
  const endOldest = (): void => {
    const [oldest] = open.keys();
    if (oldest !== undefined) finish(oldest);
  };
  return {
    accept: (socket, deliver) => {
      if (open.size >= limits.connections) endOldest();
      const connection: Connection = { told: Buffer.alloc(0), deliver };
      open.set(socket, connection);
      const end = (): void => {
        finish(socket);
      };
      socket.on('data', (chunk: Buffer) => {
        const isTooMuch = connection.told.length + chunk.length > longestTold;
        connection.told = isTooMuch ? Buffer.alloc(0) : Buffer.concat([connection.told, chunk]);
        if (isTooMuch) end();
      });
      socket.on('end', end).on('close', end).on('error', end);
      socket.setTimeout(limits.idleMs, end);
      // A command that has done its work does not wait for further lines.
      socket.unref();
    },
    waiting: () => open.size,
    end: () => {
      while (open.size > 0) endOldest();
    },
  };
}
