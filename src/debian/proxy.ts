import type { Host } from '../host/host.ts';

export interface Proxies {
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Hosts to reach without one, as in `NO_PROXY`. */
  readonly except: string;
}

/**
 * The proxies of the environment or, where it names none, those of apt's configuration (`Acquire::http::Proxy`),
 * also for one host of a mirror only.
 */
export function findProxies(
  { processes, system: { environment } }: Pick<Host, 'processes' | 'system'>,
  mirror: string,
): Proxies {
  const named = (name: string) => environment[name] ?? environment[name.toUpperCase()];
  const except = named('no_proxy') ?? '';
  const [http, https] = [named('http_proxy'), named('https_proxy')];
  if (http !== undefined || https !== undefined) return { http, https, except };
  const result = processes.run(['apt-config', '--format', '%f=%v%n', 'dump', 'Acquire'], {
    timeoutMs: 20_000,
  });
  const settings = new Map(result.stdout.split('\n').map((line) => splitOnce(line, '=')));
  const { hostname } = new URL(mirror);
  const proxy = (scheme: string) => {
    const value =
      settings.get(`Acquire::${scheme}::Proxy::${hostname}`) ?? settings.get(`Acquire::${scheme}::Proxy`);
    return value === 'DIRECT' || value === '' ? undefined : value;
  };
  return { http: proxy('http'), https: proxy('https'), except };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
