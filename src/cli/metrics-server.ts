import { once } from 'node:events';
import { lstatSync, statSync, unlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import { errnoOf } from '../host/node/system-call.ts';
import type { ListenAddress } from './listen-address.ts';

export interface MetricsServer {
  readonly close: () => Promise<void>;
}

export interface Served {
  /** In Prometheus' text format. */
  readonly metrics: string;
  readonly isAlive: boolean;
}

/**
 * Serves `GET /metrics` and `GET /healthz`, and nothing else.
 *
 * @param read what is served now
 * @throws AnyarchError ANYARCH_LISTEN where nothing can listen there
 */
export async function serveMetrics(address: ListenAddress, read: () => Served): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    const path = (request.url ?? '').split('?')[0];
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(request.method === 'HEAD' ? undefined : text);
    };
    if (!isReading) answer(405, 'only GET\n');
    else if (path === '/metrics') answer(200, read().metrics);
    else if (path === '/healthz') {
      const { isAlive } = read();
      answer(isAlive ? 200 : 503, isAlive ? 'ok\n' : 'no poll lately\n');
    } else answer(404, 'there are /metrics and /healthz\n');
  });
  // Who sends nothing keeps nobody else waiting, and is not kept for long.
  server.headersTimeout = 5000;
  server.requestTimeout = 5000;
  server.maxConnections = 32;
  await listen(server, address);
  server.unref();
  return {
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, address: ListenAddress): Promise<void> {
  try {
    await tryToListen(server, address);
  } catch (error) {
    const isLeftOver =
      errnoOf(error) === 'EADDRINUSE' && 'path' in address && (await removeDeadSocket(address.path));
    if (!isLeftOver) throw listenError(address, error);
    await tryToListen(server, address);
  }
}

async function tryToListen(server: Server, address: ListenAddress): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(address);
  await listening;
}

/** A process that was killed leaves its socket. @returns whether there was one that nobody listens on */
async function removeDeadSocket(path: string): Promise<boolean> {
  if (!lstatSync(path).isSocket()) return false;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    if (errnoOf(error) !== 'ECONNREFUSED') return false;
    unlinkSync(path);
    return true;
  } finally {
    socket.destroy();
  }
}

function listenError(address: ListenAddress, error: unknown): unknown {
  const number = errnoOf(error);
  if (number === undefined) return error;
  // A name that is not found has no errno of the system's, only a code: ENOTFOUND, EAI_AGAIN.
  const isName = error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo';
  const errno = isName ? ((error as NodeJS.ErrnoException).code ?? number) : number;
  const place = 'path' in address ? address.path : `${address.host}:${address.port}`;
  const directory = 'path' in address ? dirname(address.path) : '/';
  // libuv says EACCES for ENOENT, as on Windows.
  const isMissing = statSync(directory, { throwIfNoEntry: false }) === undefined;
  const problem = isMissing ? `there is no directory ${directory}` : errno;
  return new AnyarchError('ANYARCH_LISTEN', `cannot listen on ${place} (${problem})`, {
    hint: isMissing ? 'make it first, or name another path with --metrics-listen' : listenHint(errno),
    details: { errno: isMissing ? 'ENOENT' : errno },
    cause: error,
  });
}

function listenHint(errno: string): string {
  return errno === 'EADDRINUSE'
    ? 'another program listens there: name another port with --metrics-listen'
    : 'name another address with --metrics-listen, such as 127.0.0.1:9797';
}
