import { fstatSync } from 'node:fs';
import { AnyarchError } from '../core/error.ts';

/** When somebody is told that a message is awaited. Milliseconds. */
const patienceMs = 2000;

/** More is no log but a device or a mistake, and would never end. Bytes. */
const mostBytes = 128 * 1024 * 1024;

export interface MessageInput {
  /** Asked for by `--error -`; otherwise only what somebody has put there is read: a pipe, a file, a socket. */
  readonly isAsked: boolean;
  /** Takes what is read. */
  readonly collected: { readonly add: (text: string) => void; readonly text: () => string };
  readonly signal: AbortSignal;
  /** Told what somebody who waits, or misses something, wants to know. */
  readonly tell: (text: string) => void;
}

/**
 * The message on standard input, cut to what can be told of it; undefined where there is none.
 *
 * @throws AnyarchError ANYARCH_USAGE where it was asked for and cannot be read
 */
export async function readMessageInput({
  isAsked,
  collected,
  signal,
  tell,
}: MessageInput): Promise<string | undefined> {
  const kind = kindOfInput();
  if (!isAsked && kind === 'none') return undefined;
  const input = process.stdin;
  let hasCome = false;
  const timer = setTimeout(() => {
    // What starts services and sessions leaves sockets open on which nothing ever comes; a pipe was put there by somebody.
    if (kind === 'socket' && !isAsked && !hasCome) {
      tell('nothing came on standard input, a socket, so no message was read: --error - waits for one\n');
      input.destroy();
    } else tell('reading a message from standard input (</dev/null where there is none)\n');
  }, patienceMs);
  const abort = (): void => {
    input.destroy(signal.reason as Error);
  };
  signal.addEventListener('abort', abort);
  try {
    const isCut = await readAll(input, (text) => {
      hasCome = true;
      collected.add(text);
    });
    if (isCut) tell(`standard input was read up to ${String(mostBytes / 1024 / 1024)} MiB\n`);
    const text = collected.text();
    return text === '' && !isAsked ? undefined : text;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (signal.aborted || !unreadable.includes(code)) throw error;
    if (!isAsked) return undefined;
    throw new AnyarchError('ANYARCH_USAGE', `--error -: standard input cannot be read (${code})`, {
      hint: 'give the message in a pipe, or as --error TEXT',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** Open for writing only, a directory, a terminal of another session, a peer that has gone. */
const unreadable: readonly string[] = [
  'EBADF',
  'EISDIR',
  'EIO',
  'EINVAL',
  'ECONNRESET',
  'ENOTCONN',
  'ERR_STREAM_PREMATURE_CLOSE',
];

function kindOfInput(): 'given' | 'socket' | 'none' {
  try {
    const status = fstatSync(0);
    if (status.isSocket()) return 'socket';
    return status.isFIFO() || status.isFile() ? 'given' : 'none';
  } catch {
    return 'none'; // closed
  }
}

/** @returns whether there was more than is read */
async function readAll(input: AsyncIterable<Uint8Array>, take: (text: string) => void): Promise<boolean> {
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    take(decoder.decode(chunk, { stream: true }));
    if (bytes >= mostBytes) return true;
  }
  return false;
}
