import { Server } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { parseTold, type LogRecord } from './log-line.ts';
import { listenAt } from './log-socket.ts';
import { queueWatch } from './queue-watch.ts';
import { lineReceiver } from './receiver.ts';

/** The log while somebody listens. */
export interface OpenLog {
  /** Times that lines may have been lost, because the queue was full or connections could not be accepted. */
  readonly overflows: () => number;
  /** Takes what is left, and ends. Nothing is delivered later. */
  readonly close: () => Promise<void>;
}

/** Connections that may wait to be accepted; the kernel's own limit is the same since Linux 5.4. */
const longestQueue = 4096;

/** Milliseconds that the end may wait: for all that queue, and for those who have connected and told nothing. */
const patience = { queueMs: 3000, silenceMs: 100 } as const;

/** Turns of the event loop without a connection after which none is left in the queue. Each turn accepts one or more. */
const quietTurns = 3;

/**
 * Listens at the log's place, which is there as long as somebody does. Programs that tell something never wait: they connect
 * without blocking, and are refused when the queue is full.
 *
 * @param path in a directory that nobody else writes to; one process at a time
 * @param take gets what each connection told; undefined where no interposer tells it so
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_PERMISSION, ANYARCH_DISK_FULL
 */
export async function openLog(
  host: Pick<Host, 'files' | 'clock'>,
  path: string,
  take: (record: LogRecord | undefined) => void,
  queue = longestQueue,
): Promise<OpenLog> {
  const { clock } = host;
  const places = Math.min(queue, kernelLimit(host));
  const watch = queueWatch(places);
  const receiver = lineReceiver();
  let [accepted, overflows] = [0, 0];
  const server = new Server((connection) => {
    accepted += 1;
    const wasFull = watch.accepted(clock.now());
    receiver.accept(connection, (told) => {
      const record = parseTold(told);
      if (record !== undefined && wasFull(record.atMs)) overflows += 1;
      take(record);
    });
  });
  const remove = await listenAt(server, path, places);
  // Too many open files: the next one may find room again.
  server.on('error', () => (overflows += 1));
  server.unref();
  const close = async (): Promise<void> => {
    try {
      remove();
    } finally {
      await emptyQueue(clock, () => accepted);
      const deadline = clock.monotonic() + patience.silenceMs;
      while (receiver.waiting() > 0 && clock.monotonic() < deadline) await pause(1);
      receiver.end();
      server.close();
    }
  };
  return { overflows: () => overflows, close };
}

/** Nobody new finds the socket any more. */
async function emptyQueue(clock: Host['clock'], accepted: () => number): Promise<void> {
  const deadline = clock.monotonic() + patience.queueMs;
  for (let quiet = 0, last = accepted(); quiet < quietTurns && clock.monotonic() < deadline;) {
    await nextTurn();
    quiet = accepted() === last ? quiet + 1 : 0;
    last = accepted();
  }
}

function kernelLimit({ files }: Pick<Host, 'files'>): number {
  const path = '/proc/sys/net/core/somaxconn';
  const text = ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => decodeUtf8(files.read(path)));
  // What it was before Linux 5.4.
  return Number.parseInt(text ?? '', 10) || 128;
}
