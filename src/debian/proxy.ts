import type { Host } from '../host/host.ts';
import { environmentProxies, proxyUrl, type Proxies } from '../transfer/index.ts';

/**
 * The proxies of the environment or, where it names none, those of apt's configuration (`Acquire::http::Proxy`),
 * also for one host of a mirror only.
 */
export function findProxies(
  { processes, system: { environment } }: Pick<Host, 'processes' | 'system'>,
  mirror: string,
): Proxies {
  const named = environmentProxies(environment);
  if (named.http !== undefined || named.https !== undefined) return named;
  const result = processes.run(['apt-config', '--format', '%f=%v%n', 'dump', 'Acquire'], {
    timeoutMs: 20_000,
  });
  const settings = new Map(result.stdout.split('\n').map((line) => splitOnce(line, '=')));
  const { hostname } = new URL(mirror);
  const proxy = (scheme: string) => {
    const general = `Acquire::${scheme}::Proxy`;
    const setting = settings.has(`${general}::${hostname}`) ? `${general}::${hostname}` : general;
    const value = settings.get(setting) ?? '';
    return value === 'DIRECT' || value === '' ? undefined : proxyUrl(value, `apt's ${setting}`);
  };
  return { http: proxy('http'), https: proxy('https'), except: named.except };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
