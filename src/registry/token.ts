import { AnyarchError } from '../core/error.ts';
import type { Http, HttpResponse } from '../transfer/index.ts';
import { refusal } from './answer.ts';
import { readBody } from './body.ts';
import type { Challenge } from './challenge.ts';
import { basicAuthorization, describeCredentials, type Credentials } from './credentials.ts';
import { mayGoTo, whereToGo } from './place.ts';

export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresMs: number;
}

export interface TokenRequest {
  readonly challenge: Challenge;
  readonly scopes: readonly string[];
  readonly credentials: Credentials | undefined;
  readonly registry: string;
  /** The registry's `https://host`. */
  readonly origin: string;
  /** Plain http to other machines is allowed. */
  readonly insecure: boolean;
  readonly signal: AbortSignal | undefined;
}

/** What a token lasts when nobody says (docs of distribution, "Token authentication specification"). */
const defaultLifetimeSeconds = 60;
/** Bytes. */
const maximumAnswer = 1 << 20;

/**
 * Fetches a token for some scopes from the server that the registry names: with GET anonymously or with a password, with
 * POST for an identity token (OAuth 2).
 *
 * @throws AnyarchError ANYARCH_REGISTRY_DENIED, ANYARCH_REGISTRY_FAILED; TransientFailure
 */
export async function fetchToken(http: Http, request: TokenRequest): Promise<Token> {
  const realm = checkedRealm(request);
  const { credentials, registry, signal } = request;
  const response =
    credentials?.kind === 'identity-token'
      ? await exchange(http, realm, request, credentials)
      : await http.request({
          method: 'GET',
          url: address(realm, request),
          headers: credentials === undefined ? {} : { authorization: basicAuthorization(credentials) },
          signal,
        });
  const purpose = {
    registry: realm.host,
    doing: `asking for a token for ${registry}`,
    tried: describeCredentials(credentials),
  };
  if (response.status !== 200) throw await refusal(response, purpose);
  return await readToken(response, realm.host, registry);
}

/** Credentials go there, so it must be as safe as the registry itself. */
function checkedRealm({ challenge, registry, origin, insecure }: TokenRequest): URL {
  const realm = challenge.parameters.get('realm') ?? '';
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url !== undefined && mayGoTo(url, { origin, insecure })) return url;
  throw new AnyarchError(
    'ANYARCH_REGISTRY_FAILED',
    `${registry} names no server for tokens that credentials can be sent to safely`,
    {
      hint: `the realm that it names does not do: ${whereToGo}`,
      details: { registry, realm: realm.slice(0, 200) },
    },
  );
}

function address(realm: URL, { challenge, scopes, credentials }: TokenRequest): string {
  const url = new URL(realm);
  const service = challenge.parameters.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credentials !== undefined) url.searchParams.set('account', credentials.username);
  return url.href;
}

async function exchange(
  http: Http,
  realm: URL,
  { challenge, scopes, signal }: TokenRequest,
  credentials: Credentials,
): Promise<HttpResponse> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: credentials.secret,
    client_id: 'anyarch',
    service: challenge.parameters.get('service') ?? '',
    scope: scopes.join(' '),
  });
  return await http.request({
    method: 'POST',
    url: realm.href,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    signal,
  });
}

async function readToken(response: HttpResponse, server: string, registry: string): Promise<Token> {
  const body = await readBody(response, maximumAnswer);
  const { token, access_token: accessToken, expires_in: lifetime } = parse(body?.toString() ?? '');
  const value = [token, accessToken].find((text) => typeof text === 'string' && text !== '');
  if (typeof value !== 'string' || /[^\x21-\x7e]/.test(value))
    throw new AnyarchError('ANYARCH_REGISTRY_FAILED', `${server} gives no token for ${registry}`, {
      hint: 'its answer holds none: the server may be misconfigured',
      details: { registry, server },
    });
  const seconds = typeof lifetime === 'number' && lifetime > 0 ? lifetime : defaultLifetimeSeconds;
  // Some of the time has passed already, and a request takes some.
  return { value, expiresMs: Date.now() + seconds * 900 };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
