import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';

/** For hosts without apt. Debian's project mirror, reachable by https. */
export const defaultMirror = 'https://ftp.debian.org/debian';

type MirrorHost = Pick<Host, 'processes' | 'system'>;

/**
 * The URL of a Debian archive without a trailing slash: the one given, `$ANYARCH_MIRROR`, the one that the host's
 * apt uses for Debian itself, or `defaultMirror`.
 *
 * @throws AnyarchError ANYARCH_MIRROR_UNKNOWN when the given one is no http or https URL.
 */
export function findMirror(host: MirrorHost, given?: string): string {
  const named = given ?? host.system.environment['ANYARCH_MIRROR'];
  if (named !== undefined && named !== '')
    return checked(named, given === undefined ? 'ANYARCH_MIRROR' : '--mirror');
  return mirrorOfApt(host) ?? defaultMirror;
}

function checked(mirror: string, source: string): string {
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if (url === undefined || !usable(mirror)) {
    throw new AnyarchError('ANYARCH_MIRROR_UNKNOWN', `${source} is no http or https URL: ${mirror}`, {
      hint: `for example ${defaultMirror}`,
    });
  }
  return trimmed(mirror);
}

/**
 * Three questions, the quick one first: apt needs half a second to tell origins, and before the first
 * `apt-get update` (fresh containers) it does not know them.
 */
function mirrorOfApt({ processes }: MirrorHost): string | undefined {
  const sites = sitesOfApt(processes);
  const official = sites.filter((site) => new URL(site).pathname === '/debian');
  if (official.length > 0) return preferred(official);
  if (sites.length === 0) return undefined;
  // Vendors have paths such as /linux/debian, and sites may have theirs.
  return preferred(sitesOfOrigin(processes)) ?? preferred(sites.filter((site) => site.endsWith('/debian')));
}

/** `'http://mirror.example/debian/dists/trixie/InRelease' mirror.example_… 0`; works for everybody, without the network. */
function sitesOfApt(processes: Host['processes']): string[] {
  const { exitCode, stdout } = processes.run(['apt-get', 'update', '--print-uris'], { timeoutMs: 20_000 });
  if (exitCode !== 0) return [];
  const sites = [...stdout.matchAll(/^'([^']+)\/dists\/([^']+)\/InRelease'/gm)].filter(
    ([, , suite]) => suite?.includes('security') === false,
  );
  return [...new Set(sites.map(([, site = '']) => trimmed(site)))].filter(usable);
}

function sitesOfOrigin(processes: Host['processes']): string[] {
  const format = '$(SITE)|$(RELEASE)|$(ORIGIN)|$(LABEL)';
  const { exitCode, stdout } = processes.run(['apt-get', 'indextargets', '--format', format], {
    timeoutMs: 20_000,
  });
  if (exitCode !== 0) return [];
  const targets = stdout.split('\n').map((line) => line.split('|'));
  const debian = targets.filter(([, , origin, label]) => origin === 'Debian' && label === 'Debian');
  return debian.map(([site = '']) => trimmed(site)).filter(usable);
}

function preferred(sites: readonly string[]): string | undefined {
  return sites.find((site) => site.startsWith('https:')) ?? sites[0];
}

/** Two slashes in a row are another path for some servers. */
function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

function usable(url: string): boolean {
  return /^https?:\/\/[^/]/.test(url);
}
