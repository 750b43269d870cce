import { isLoopback, reachesAsFar, reachOf } from './reach.ts';

/** A registry, as far as it matters for where it may send us. */
export interface Sender {
  /** Its own `https://host`. */
  readonly origin: string;
  /** Its user has said that plain http will do. */
  readonly insecure: boolean;
}

/**
 * Whether to go where a registry sends us: its credentials may go there, and requests that write. Plain http is for
 * itself and, if it is this machine, for this machine. Nobody may send us to what only this machine, or only its
 * network, can reach, but who is there himself: a registry elsewhere must not talk through us to what listens here.
 */
export function mayGoTo(url: URL, { origin, insecure }: Sender): boolean {
  const own = new URL(origin);
  if (url.origin === own.origin) return true;
  const [from, place] = [reachOf(own.hostname), reachOf(url.hostname)];
  const isNear = url.hostname === own.hostname || reachesAsFar(place, from);
  const isPrivate = insecure && place === 'network';
  if (!isNear && !isPrivate) return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && (insecure || (from === 'machine' && isLoopback(url.hostname)));
}

/** For hints. */
export const whereToGo =
  'it must be an https URL, and none of this machine or of a private network unless the registry is there too; --insecure allows http and private networks';
