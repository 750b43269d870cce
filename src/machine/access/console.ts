import { connect, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { acquireLock } from '../../host/lock.ts';

/** Ctrl-], as telnet and virsh have it. */
const leave = 0x1d;
/** Undoes what a guest may have left a terminal in: colours, a hidden cursor, reports of the mouse and of pasting. */
const restore = '\x1b[0m\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?2004l';

/** Without a word from the guest, behind the end of what was piped to it. */
const quietMs = 1000;

/** How a visit to a console ended. */
export type ConsoleEnd = 'left' | 'stopped' | 'inputEnded';

export interface ConsoleInput extends Readable {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
}

export interface ConsoleRequest {
  /** Socket of the guest's console. */
  readonly socket: string;
  readonly input: ConsoleInput;
  readonly output: Writable & { readonly isTTY?: boolean };
  readonly signal?: AbortSignal;
}

/**
 * Ties a terminal to a guest's console, key by key, until Ctrl-] is pressed, the machine ends or the input does. The
 * terminal is as it was afterwards.
 *
 * @throws AnyarchError ANYARCH_LOCKED for a second visitor, whom QEMU would leave waiting without a word,
 *   ANYARCH_MACHINE_STOPPED where nobody listens
 */
export async function attachConsole(
  host: Pick<Host, 'files' | 'clock'>,
  request: ConsoleRequest,
): Promise<ConsoleEnd> {
  const lock = acquireLock(host, `${request.socket}.lock`, { waitMs: 0 });
  try {
    return await visit(request);
  } finally {
    lock.release();
  }
}

async function visit({ socket: path, input, output, signal }: ConsoleRequest): Promise<ConsoleEnd> {
  const socket = await connected(path);
  const isTerminal = input.isTTY === true && input.setRawMode !== undefined;
  if (isTerminal) input.setRawMode?.(true);
  try {
    return await new Promise<ConsoleEnd>((resolve) => {
      const finish = (end: ConsoleEnd): void => {
        input.removeAllListeners('data');
        input.removeAllListeners('end');
        input.pause();
        socket.destroy();
        resolve(end);
      };
      socket.pipe(output, { end: false });
      socket.once('close', () => {
        finish('stopped');
      });
      input.on('data', (chunk: Buffer) => {
        // Only a person leaves by a key: what is piped may have any byte.
        const at = isTerminal ? chunk.indexOf(leave) : -1;
        socket.write(at < 0 ? chunk : chunk.subarray(0, at));
        if (at >= 0) finish('left');
      });
      input.once('end', () => {
        // What the guest answers to the last of it belongs to it.
        const quiet = setTimeout(() => {
          finish('inputEnded');
        }, quietMs);
        socket.on('data', () => quiet.refresh());
        socket.once('close', () => {
          clearTimeout(quiet);
        });
      });
      const aborted = (): void => {
        finish('left');
      };
      signal?.addEventListener('abort', aborted, { once: true });
    });
  } finally {
    if (isTerminal) {
      input.setRawMode?.(false);
      // What is printed next does not go on behind what the guest printed last.
      output.write(`${restore}\r\n`);
    }
  }
}

async function connected(path: string): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect(path, () => {
      socket.removeAllListeners('error');
      // Afterwards an error is followed by `close`.
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', (error) => {
      reject(
        new AnyarchError('ANYARCH_MACHINE_STOPPED', `nobody is at the console's socket ${path}`, {
          hint: 'does the machine run? anyarch machine list',
          cause: error,
        }),
      );
    });
  });
}
