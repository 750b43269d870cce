import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { serverConnector } from './connector.ts';
import { received } from './received.ts';
import { splitCredentials } from './url.ts';
import type { Proxies } from './proxy.ts';

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Must be read to its end or given up by `discard`. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): void;
}

export interface HttpRequest {
  readonly method: 'DELETE' | 'GET' | 'HEAD' | 'PATCH' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream is read while it is sent; its length belongs into the headers. */
  readonly body?: string | Uint8Array | Readable;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the connection's. */
  readonly stallMs?: number | undefined;
}

export interface HttpOptions {
  readonly proxies: Proxies;
  /** PEM. */
  readonly certificates: string[];
  /** Milliseconds without a byte after which a server is given up. Default 30 000. */
  readonly stallMs?: number;
  /** Any certificate will do. */
  readonly trustAnybody?: boolean;
}

/** Requests over http and https, through proxies. */
export interface Http {
  /** @param from first byte wanted; 0 asks for the whole file. Follows redirects. */
  get(url: string, from: number, signal: AbortSignal | undefined): Promise<HttpResponse>;
  /** One exchange, whatever comes of it. */
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export async function openHttp({
  proxies,
  certificates,
  stallMs = 30_000,
  trustAnybody = false,
}: HttpOptions): Promise<Http> {
  // 100 ms to load: only commands that download pay for it.
  const { EnvHttpProxyAgent, buildConnector, interceptors, request } = await import('undici');
  const tls = { ca: certificates, rejectUnauthorized: !trustAnybody };
  const agent = new EnvHttpProxyAgent({
    // The empty string keeps undici from looking into process.env by itself.
    httpProxy: proxies.http ?? '',
    httpsProxy: proxies.https ?? '',
    noProxy: proxies.except,
    // Caches for apt understand plain requests and often refuse tunnels.
    proxyTunnel: false,
    connect: serverConnector({ build: buildConnector, certificates, trustAnybody, timeoutMs: stallMs }),
    requestTls: tls,
    proxyTls: tls,
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
  });
  const following = agent.compose(interceptors.redirect({ maxRedirections: 5 }));
  const send = async (dispatcher: Dispatcher, wanted: HttpRequest): Promise<HttpResponse> => {
    const { method, body = null, signal, stallMs: ownStallMs } = wanted;
    const { statusCode, ...response } = await request(wanted.url, {
      dispatcher,
      method,
      body,
      headers: { 'user-agent': 'anyarch', ...wanted.headers },
      ...(signal === undefined ? {} : { signal }),
      ...(ownStallMs === undefined ? {} : { headersTimeout: ownStallMs, bodyTimeout: ownStallMs }),
    });
    return {
      status: statusCode,
      headers: response.headers,
      body: received(response.body),
      discard: () => {
        response.body.destroy();
      },
    };
  };
  return {
    get: async (address, from, signal) => {
      const { url, authorization } = splitCredentials(address);
      const headers = {
        ...(authorization === undefined ? {} : { authorization }),
        ...(from === 0 ? {} : { range: `bytes=${from}-` }),
      };
      return await send(following, { method: 'GET', url, headers, signal });
    },
    request: (wanted) => send(agent, wanted),
    close: () => agent.destroy(),
  };
}
