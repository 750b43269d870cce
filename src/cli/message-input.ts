import { fstatSync } from 'node:fs';

/** As much as is kept of a longer text, from its start and its end: nobody's memory is to be filled by a log. Characters. */
const kept = 256 * 1024;

/** When somebody is told that a message is awaited. Milliseconds. */
const patienceMs = 2000;

export interface MessageInput {
  /** Asked for by `--error -`; otherwise only what somebody has put there is read: a pipe or a file. */
  readonly isAsked: boolean;
  readonly signal: AbortSignal;
  /** Told once where nothing comes: a pipe may stay open and empty for ever. */
  readonly onWaiting: () => void;
}

/** The message on standard input; undefined where there is none. */
export async function readMessageInput({
  isAsked,
  signal,
  onWaiting,
}: MessageInput): Promise<string | undefined> {
  if (!isAsked && !isGiven()) return undefined;
  const timer = setTimeout(onWaiting, patienceMs);
  const abort = (): void => {
    process.stdin.destroy(signal.reason as Error);
  };
  signal.addEventListener('abort', abort);
  try {
    const text = await readKept(process.stdin.setEncoding('utf8'));
    return text === '' && !isAsked ? undefined : text;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function isGiven(): boolean {
  const status = fstatSync(0);
  return status.isFIFO() || status.isFile();
}

async function readKept(input: AsyncIterable<unknown>): Promise<string> {
  let start = '';
  let end = '';
  for await (const chunk of input) {
    const text = String(chunk);
    const room = kept - start.length;
    start += text.slice(0, room);
    end = (end + text.slice(room)).slice(-kept);
  }
  return start + end;
}
