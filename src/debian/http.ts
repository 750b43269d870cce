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

export interface HttpOptions {
  readonly proxies: Proxies;
  /** PEM. */
  readonly certificates: string[];
  /** Milliseconds without a byte after which a server is given up. Default 30 000. */
  readonly stallMs?: number;
}

/** Gets over http and https, through proxies and redirects. */
export interface Http {
  /** @param from first byte wanted; 0 asks for the whole file */
  get(url: string, from: number, signal: AbortSignal | undefined): Promise<HttpResponse>;
  close(): Promise<void>;
}

export async function openHttp({ proxies, certificates, stallMs = 30_000 }: HttpOptions): Promise<Http> {
  // 100 ms to load: only commands that download pay for it.
  const { EnvHttpProxyAgent, interceptors, request } = await import('undici');
  const tls = { ca: certificates };
  const agent = new EnvHttpProxyAgent({
    // The empty string keeps undici from looking into process.env by itself.
    httpProxy: proxies.http ?? '',
    httpsProxy: proxies.https ?? '',
    noProxy: proxies.except,
    // Caches for apt understand plain requests and often refuse tunnels.
    proxyTunnel: false,
    connect: { ...tls, timeout: stallMs },
    requestTls: tls,
    proxyTls: tls,
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
  });
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 5 }));
  return {
    get: async (address, from, signal) => {
      const { url, authorization } = splitCredentials(address);
      const { statusCode, headers, body } = await request(url, {
        dispatcher,
        headers: {
          'user-agent': 'anyarch',
          ...(authorization === undefined ? {} : { authorization }),
          ...(from === 0 ? {} : { range: `bytes=${from}-` }),
        },
        ...(signal === undefined ? {} : { signal }),
      });
      return {
        status: statusCode,
        headers,
        body: received(body),
        discard: () => {
          body.destroy();
        },
      };
    },
    close: () => agent.destroy(),
  };
}
