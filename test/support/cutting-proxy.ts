import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where it closes the connection, instead of going on. */
export interface Cut {
  readonly method: 'GET' | 'PATCH' | 'PUT';
  /** Only requests whose path contains this. */
  readonly path: string;
  /** Bytes of the request's or the answer's body that still come through; 0: nothing of the request does. */
  readonly after: number;
  readonly times: number;
  /** So many of these requests are let through before. */
  readonly skip?: number;
}

/** A bad line to a registry. */
export interface CuttingProxy {
  readonly name: string;
  /** Every request so far: `PATCH /v2/…`, with ` cut` where it cut. */
  readonly requests: string[];
  cut(where: Cut, meanwhile?: () => Promise<void>): void;
  close(): Promise<void>;
}

/** @param target host and port of the registry; it sees the proxy's name as the one that was asked for */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const requests: string[] = [];
  let planned:
    { where: Cut; skip: number; left: number; meanwhile: (() => Promise<void>) | undefined } | undefined;
  const [hostname, port] = target.split(':');

  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', socket, headers } = incoming;
    const fitting = planned !== undefined && fits(planned.where, incoming) ? planned : undefined;
    const isCut = fitting?.skip === 0 && fitting.left > 0;
    if (fitting !== undefined && fitting.skip > 0) fitting.skip -= 1;
    requests.push(`${method} ${url}${isCut ? ' cut' : ''}`);
    const limit = isCut ? fitting.where.after : Infinity;
    const sends = method !== 'GET';
    const close = () => {
      socket.destroy();
      forwarded?.destroy();
    };
    if (isCut) {
      fitting.left -= 1;
      void fitting.meanwhile?.();
    }
    const isRefused = isCut && limit === 0;
    const forwarded = isRefused ? undefined : request({ hostname, port, method, path: url, headers });
    if (forwarded === undefined) {
      close();
      return;
    }
    forwarded.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      copy(answer, outgoing, sends ? Infinity : limit, close);
    });
    forwarded.on('error', () => socket.destroy());
    copy(incoming, forwarded, sends ? limit : Infinity, close);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    name: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    cut: (where, meanwhile) => {
      planned = { where, skip: where.skip ?? 0, left: where.times, meanwhile };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function fits(where: Cut, { method, url }: IncomingMessage): boolean {
  return method === where.method && (url ?? '').includes(where.path);
}

/** @param limit bytes after which `cut` is called */
function copy(
  from: IncomingMessage,
  to: { write(chunk: Buffer): boolean; end(): void; once(event: 'drain', listener: () => void): unknown },
  limit: number,
  cut: () => void,
): void {
  let size = 0;
  from.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size >= limit) {
      // What came before the cut has to arrive.
      to.write(chunk.subarray(0, chunk.length - (size - limit)));
      from.pause();
      setTimeout(cut, 50);
      return;
    }
    if (!to.write(chunk)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
  from.on('end', () => {
    to.end();
  });
  from.on('error', cut);
}
