import type { Readable } from 'node:stream';
import { AnyarchError } from '../core/error.ts';
import type { HttpRequest, HttpResponse } from '../transfer/index.ts';
import { refusal } from './answer.ts';
import type { Authorizer } from './authorizer.ts';
import { drain } from './body.ts';
import type { Connection } from './connection.ts';
import { mayGoTo, whereToGo } from './place.ts';

/** A request to a repository. */
export interface RepositoryRequest {
  readonly method: HttpRequest['method'];
  /** Below `/v2/NAME/`, or the whole URL that the registry has given as a Location. */
  readonly to: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Made anew for each try. */
  readonly body?: (() => string | Uint8Array | Readable) | undefined;
  /** Repositories that are read besides. */
  readonly readsFrom?: readonly string[];
  readonly stallMs?: number;
}

/** One repository of a registry. */
export interface Repository {
  readonly connection: Connection;
  /** `team/image` */
  readonly name: string;
  /** One exchange, with authentication and redirects; the caller judges the answer. @throws TransientFailure … */
  send(request: RepositoryRequest): Promise<HttpResponse>;
  /** What an answer means that is no success. Reads its body. */
  refused(response: HttpResponse, doing: string): Promise<Error>;
  /** The absolute URL of an answer's Location, with our scheme where it is our server's. */
  location(response: HttpResponse): Promise<string>;
  /** The same of the address that a registry names in the answer to a request to `to`. */
  address(reference: string, response: HttpResponse, to: string): Promise<string>;
}

const maximumRedirects = 5;

export function openRepository(
  connection: Connection,
  authorizer: Authorizer,
  name: string,
  actions: 'pull' | 'pull,push',
): Repository {
  const { http, registry, signal, insecure } = connection;

  const exchange = async (url: string, request: RepositoryRequest): Promise<HttpResponse> => {
    const scopes = [
      `repository:${name}:${actions}`,
      ...(request.readsFrom ?? []).map((source) => `repository:${source}:pull`),
    ];
    // A name and a port may be written in several ways.
    const isOurs = new URL(url).origin === new URL(await connection.origin()).origin;
    const once = async (authorization: string | undefined) =>
      await http.request({
        method: request.method,
        url,
        headers: { ...request.headers, ...(authorization === undefined ? {} : { authorization }) },
        ...(request.body === undefined ? {} : { body: request.body() }),
        signal,
        stallMs: request.stallMs,
      });
    // Whatever others get, our credentials are not among it.
    if (!isOurs) return await once(undefined);
    const used = await authorizer.authorization(scopes);
    const response = await once(used);
    if (response.status !== 401 || !(await authorizer.learn(response, scopes, used))) return response;
    await drain(response);
    return await once(await authorizer.authorization(scopes));
  };

  const urlOf = async (to: string): Promise<string> =>
    /^https?:/.test(to) ? to : `${await connection.origin()}/v2/${name}/${to}`;

  const addressOf = async (field: unknown, response: HttpResponse, base: string): Promise<string> => {
    const url = typeof field === 'string' && URL.canParse(field, base) ? new URL(field, base) : undefined;
    const origin = await connection.origin();
    if (url !== undefined) {
      const own = new URL(url);
      // Registries behind a proxy that ends TLS name themselves with http.
      own.protocol = new URL(origin).protocol;
      if (own.origin === new URL(origin).origin) return own.href;
      if (mayGoTo(url, { origin, insecure })) return url.href;
    }
    await drain(response);
    throw new AnyarchError('ANYARCH_REGISTRY_FAILED', `${registry} names no usable place to go on at`, {
      hint: `the address that it gives does not do: ${whereToGo}`,
      details: { registry, location: String(field).slice(0, 200) },
    });
  };

  return {
    connection,
    name,
    send: async (request) => {
      let url = await urlOf(request.to);
      for (let redirects = 0; ; redirects += 1) {
        const response = await exchange(url, request);
        const reads = request.method === 'GET' || request.method === 'HEAD';
        if (!reads || ![301, 302, 303, 307, 308].includes(response.status) || redirects === maximumRedirects)
          return response;
        url = await addressOf(response.headers['location'], response, url);
        await drain(response);
      }
    },
    refused: (response, doing) => refusal(response, { registry, doing, tried: authorizer.tried() }),
    location: async (response) =>
      await addressOf(response.headers['location'], response, await connection.origin()),
    address: async (reference, response, to) => await addressOf(reference, response, await urlOf(to)),
  };
}
