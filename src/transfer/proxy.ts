/** Servers between us and others. */
export interface Proxies {
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Hosts to reach without one, as in `NO_PROXY`. */
  readonly except: string;
}

/** Those that the environment names, in lower or upper case. */
export function environmentProxies(environment: Readonly<Record<string, string | undefined>>): Proxies {
  const named = (name: string) => environment[name] ?? environment[name.toUpperCase()];
  return { http: named('http_proxy'), https: named('https_proxy'), except: named('no_proxy') ?? '' };
}
