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

const format = ['SITE', 'RELEASE', 'ORIGIN', 'LABEL', 'CREATED_BY'].map((field) => `$(${field})`).join('|');

function mirrorOfApt({ processes }: MirrorHost): string | undefined {
  const result = processes.run(['apt-get', 'indextargets', '--format', format], { timeoutMs: 20_000 });
  if (result.exitCode !== 0) return undefined;
  const targets = result.stdout.split('\n').map((line) => {
    const [site = '', release = '', origin = '', label = ''] = line.split('|');
    return { site: trimmed(site), release, origin, label };
  });
  // Before the first `apt-get update` (fresh containers) apt does not know origin and label.
  const debian = targets.filter(
    ({ site, release, origin, label }) =>
      usable(site) &&
      !release.includes('security') &&
      (origin === '' ? site.endsWith('/debian') : origin === 'Debian' && label === 'Debian'),
  );
  return (debian.find(({ site }) => site.startsWith('https:')) ?? debian[0])?.site;
}

/** Two slashes in a row are another path for some servers. */
function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

function usable(url: string): boolean {
  return /^https?:\/\/[^/]/.test(url);
}
