import { AnyarchError } from '../core/error.ts';

/** Servers between us and others. */
export interface Proxies {
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Hosts to reach without one, as in `NO_PROXY`. */
  readonly except: string;
}

/**
 * Those that the environment names, in lower or upper case.
 *
 * @throws AnyarchError ANYARCH_USAGE
 */
export function environmentProxies(environment: Readonly<Record<string, string | undefined>>): Proxies {
  const named = (name: string) => {
    const variable = environment[name] === undefined ? name.toUpperCase() : name;
    return { value: environment[variable], variable };
  };
  const proxy = (name: string) => {
    const { value, variable } = named(name);
    return value === undefined ? undefined : proxyUrl(value, variable);
  };
  return { http: proxy('http_proxy'), https: proxy('https_proxy'), except: named('no_proxy').value ?? '' };
}

/** What undici knows. */
const schemes = ['http:', 'https:', 'socks5:', 'socks:'];

/**
 * The URL of a proxy; without a scheme it is one of http, as curl has it. Empty for none.
 *
 * @param source the setting, for messages: the value may hold a password
 * @throws AnyarchError ANYARCH_USAGE
 */
export function proxyUrl(value: string, source: string): string {
  const text = value.trim();
  if (text === '') return '';
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const isUsable = URL.canParse(url) && schemes.includes(new URL(url).protocol);
  if (isUsable && isDecodable(new URL(url))) return url;
  throw new AnyarchError('ANYARCH_USAGE', `${source} is no address of a proxy`, {
    hint: 'one looks like http://proxy.example:3128; in http://user:password@proxy.example:3128 everything but letters and digits is written as %XX',
    details: { setting: source },
  });
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
