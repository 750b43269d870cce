import { createConnection, type Socket } from 'node:net';
import { AnyarchError } from '../../core/error.ts';
import { errnoOf } from '../../host/node/system-call.ts';
import { parseQmpMessage, type QmpEvent, type QmpMessage } from './message.ts';

/** A connection to a running QEMU. It has only one at a time: others wait until this one is closed. */
export interface Qmp {
  /** QEMU's own version: `10.0.13`. */
  readonly version: string;
  /**
   * @param options.timeoutMs for the reply, 60 000 by default
   * @throws AnyarchError ANYARCH_MACHINE_FAILED, with QEMU's `class` in the details where it refused the command
   */
  execute(
    command: string,
    words?: Readonly<Record<string, unknown>>,
    options?: { readonly timeoutMs?: number },
  ): Promise<unknown>;
  /**
   * The next event of that name; one that came before the call is not seen.
   *
   * @returns undefined when the connection ended, the time was over or the signal was given before
   */
  waitForEvent(
    name: string,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<QmpEvent | undefined>;
  /** @returns how to hear no more */
  onEvent(listener: (event: QmpEvent) => void): () => void;
  /** Settled once the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface ConnectOptions {
  /** For the connection, our turn and the greeting together; 10 000 by default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A reply of query-block of many disks has some ten kilobytes. */
const longestLine = 16 * 1024 * 1024;

/**
 * @param path the socket
 * @throws AnyarchError ANYARCH_MACHINE_FAILED when nobody is there, or somebody who is not QEMU; ANYARCH_CANCELLED
 */
export async function connectQmp(
  path: string,
  { timeoutMs = 10_000, signal }: ConnectOptions = {},
): Promise<Qmp> {
  const socket = createConnection(path);
  const listeners = new Set<(event: QmpEvent) => void>();
  const pending = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  let end: AnyarchError | undefined;
  let greeted: (version: string) => void;
  const greeting = new Promise<string>((resolve) => (greeted = resolve));

  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      end ??= failed(path, 'the connection to QEMU ended');
      for (const answer of pending.values()) answer(end);
      pending.clear();
      resolve();
    });
  });
  socket.on('error', (error) => {
    end ??= failed(path, `QEMU cannot be reached (${errnoOf(error) ?? error.message})`, error);
  });
  onLine(
    socket,
    (line) => {
      const message = parseQmpMessage(line);
      if (message === undefined) stop('what answers is not QEMU');
      else take(message);
    },
    () => {
      stop('what answers is not QEMU: its line does not end');
    },
  );

  const stop = (why: string): void => {
    end ??= failed(path, why);
    socket.destroy();
  };
  const take = (message: QmpMessage): void => {
    if (message.kind === 'greeting') greeted(message.version);
    else if (message.kind === 'event') for (const listener of listeners) listener(message);
    else if (message.id !== undefined) {
      pending.get(message.id)?.(message);
      pending.delete(message.id);
    } else if (message.kind === 'refusal') stop(`QEMU could not read a command: ${message.text}`);
  };

  const execute: Qmp['execute'] = async (command, words, options = {}) => {
    if (end !== undefined) throw end;
    const id = (lastId += 1);
    const answer = await within(
      new Promise<Answer>((resolve) => {
        pending.set(id, resolve);
        const text = { execute: command, id, ...(words === undefined ? {} : { arguments: words }) };
        socket.write(`${JSON.stringify(text)}\n`);
      }),
      { timeoutMs: options.timeoutMs ?? 60_000 },
    );
    pending.delete(id);
    if (answer === undefined) throw failed(path, `QEMU did not answer to ${command} in time`);
    if (answer instanceof AnyarchError) throw answer;
    if (answer.kind === 'reply') return answer.value;
    throw new AnyarchError('ANYARCH_MACHINE_FAILED', `QEMU refused ${command}: ${answer.text}`, {
      hint: 'look at what QEMU printed: anyarch machine logs NAME --qemu',
      details: { class: answer.type, command, path },
    });
  };
  const onEvent: Qmp['onEvent'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const waitForEvent: Qmp['waitForEvent'] = async (name, options) => {
    let forget: (() => void) | undefined;
    const heard = new Promise<QmpEvent>((resolve) => {
      forget = onEvent((event) => {
        if (event.name === name) resolve(event);
      });
    });
    const event = await within(Promise.race([heard, closed]), options);
    forget?.();
    return event ?? undefined;
  };

  const version = await within(Promise.race([greeting, closed]), {
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  });
  if (version === undefined) {
    stop('QEMU does not answer, or is busy with another anyarch');
    throw end ?? failed(path, 'QEMU does not answer');
  }
  const close = (): void => {
    socket.destroy();
  };
  try {
    await execute('qmp_capabilities', undefined, { timeoutMs });
  } catch (error) {
    close();
    throw error;
  }
  return { version, execute, onEvent, waitForEvent, closed, close };
}

type Answer = Extract<QmpMessage, { readonly kind: 'reply' | 'refusal' }> | AnyarchError;

function onLine(socket: Socket, take: (line: string) => void, tooLong: () => void): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') take(line);
    if (rest.length > longestLine) tooLong();
  });
}

/** Undefined when the time is over or the signal was given. */
async function within<T>(
  work: Promise<T>,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<T | undefined> {
  let release: (() => void) | undefined;
  const over = new Promise<undefined>((resolve) => {
    const finish = (): void => {
      resolve(undefined);
    };
    const timer = setTimeout(finish, timeoutMs);
    signal?.addEventListener('abort', finish);
    if (signal?.aborted === true) finish();
    release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
    };
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    release?.();
  }
}

function failed(path: string, why: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_MACHINE_FAILED', `${path}: ${why}`, {
    hint: 'look whether the machine runs: anyarch machine list',
    details: { path },
    cause,
  });
}
