import type { Http, HttpResponse } from '../transfer/index.ts';
import { headerValue, parseChallenges, type Challenge } from './challenge.ts';
import { basicAuthorization, describeCredentials, type Credentials } from './credentials.ts';
import { fetchToken, type Token } from './token.ts';

/** Knows how to authenticate to one registry, once it has been told that it must. */
export interface Authorizer {
  /** The `authorization` for a request that needs these scopes; undefined as long as none was asked for. */
  authorization(scopes: readonly string[]): Promise<string | undefined>;
  /**
   * Learns from an answer with status 401.
   *
   * @param used the `authorization` that was refused
   * @returns whether the same request may now do better
   */
  learn(response: HttpResponse, scopes: readonly string[], used: string | undefined): Promise<boolean>;
  /** For messages; undefined when no credentials were asked for. */
  tried(): string | undefined;
}

export interface AuthorizerOptions {
  readonly http: Http;
  readonly registry: string;
  /** The registry's `https://host`. */
  readonly origin: () => Promise<string>;
  readonly insecure: boolean;
  /** Asked once, when the registry wants to know who we are. */
  readonly findCredentials: () => Credentials | undefined;
  readonly signal: AbortSignal | undefined;
}

export function openAuthorizer(options: AuthorizerOptions): Authorizer {
  const { http, registry, insecure, signal } = options;
  let challenge: Challenge | undefined;
  let found: { readonly credentials: Credentials | undefined } | undefined;
  const tokens = new Map<string, Promise<Token>>();

  const credentials = () => {
    found ??= { credentials: options.findCredentials() };
    return found.credentials;
  };
  const token = async (known: Challenge, scopes: readonly string[]): Promise<string> => {
    const key = scopes.join(' ');
    const present = tokens.get(key);
    if (present !== undefined) {
      const { value, expiresMs } = await present;
      if (expiresMs > Date.now()) return value;
      if (tokens.get(key) === present) tokens.delete(key);
    }
    const origin = await options.origin();
    // Another request may have begun to fetch one.
    const wanted = { challenge: known, scopes, registry, origin, insecure, signal };
    const fetching = tokens.get(key) ?? fetchToken(http, { ...wanted, credentials: credentials() });
    tokens.set(key, fetching);
    fetching.catch(() => tokens.delete(key));
    return (await fetching).value;
  };
  const authorization = async (scopes: readonly string[]): Promise<string | undefined> => {
    if (challenge?.scheme === 'bearer') return `Bearer ${await token(challenge, scopes)}`;
    const own = challenge?.scheme === 'basic' ? credentials() : undefined;
    return own?.kind === 'password' ? basicAuthorization(own) : undefined;
  };

  return {
    authorization,
    learn: async (response, scopes, used) => {
      const offered = parseChallenges(headerValue(response.headers['www-authenticate']) ?? '');
      const next =
        offered.find(({ scheme }) => scheme === 'bearer') ?? offered.find(({ scheme }) => scheme === 'basic');
      challenge = next ?? challenge;
      if (challenge?.scheme === 'bearer') {
        // Another request may have renewed it meanwhile; its token is then tried first.
        await forget(tokens, scopes.join(' '), used);
        return true;
      }
      return used === undefined && challenge !== undefined && credentials()?.kind === 'password';
    },
    tried: () => (found === undefined ? undefined : describeCredentials(found.credentials)),
  };
}

async function forget(
  tokens: Map<string, Promise<Token>>,
  key: string,
  used: string | undefined,
): Promise<void> {
  const present = tokens.get(key);
  if (present === undefined || used === undefined) return;
  const { value } = await present;
  if (used === `Bearer ${value}` && tokens.get(key) === present) tokens.delete(key);
}
