/**
 * Who can mean something by a host's name: only this machine, only those on its wire, only those of its network, everybody.
 * Judged by what is written, not by what a name server says.
 */
export type Reach = 'machine' | 'link' | 'network' | 'everywhere';

const order: readonly Reach[] = ['machine', 'link', 'network', 'everywhere'];

/**
 * Names and addresses that are handed out for one of the first three (RFC 6761; RFC 6762, appendix G; RFC 8375; RFC 1122,
 * 1918, 3927, 4193, 4291 and 6598).
 */
const narrow: readonly (readonly [RegExp, Reach])[] = [
  [/^(?:.*\.)?localhost(?:\.localdomain)?$|^ip6-(?:localhost|loopback)$/, 'machine'],
  [/^(?:127|0)(?:\.\d+){3}$|^\[::1?\]$/, 'machine'],
  [/^169\.254\.|^\[fe[89ab]/, 'link'],
  [/^10(?:\.\d+){3}$|^192\.168(?:\.\d+){2}$|^172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}$/, 'network'],
  [/^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])(?:\.\d+){2}$|^\[f[cd]/, 'network'],
  [/^[^.[\]]+$|\.(?:local|localdomain|lan|internal|intranet|private|corp|home|home\.arpa)$/, 'network'],
];

/** @param hostname as people or URLs write it: `LOCALHOST`, `127.1`, `[::1]` */
export function reachOf(hostname: string): Reach {
  const name = withoutMapping(normalised(hostname));
  return narrow.find(([shape]) => shape.test(name))?.[1] ?? 'everywhere';
}

/** Whether only this machine can be meant. */
export function isLoopback(hostname: string): boolean {
  return reachOf(hostname) === 'machine';
}

/** Whether somebody of the one reach knows no less than we do what is meant by a name of the other. */
export function reachesAsFar(place: Reach, from: Reach): boolean {
  return order.indexOf(place) >= order.indexOf(from);
}

/** The host of `host:port`, `[::1]:5000`. */
export function hostnameOf(registry: string): string {
  return registry.replace(/:\d+$/, '');
}

/** Addresses have more than one form: `127.1`, `0x7f000001`. */
function normalised(hostname: string): string {
  const url = `https://${hostname}`;
  const name = URL.canParse(url) ? new URL(url).hostname : hostname.toLowerCase();
  return name.replace(/\.$/, '');
}

/** `127.0.0.1` for `[::ffff:7f00:1]`. */
function withoutMapping(name: string): string {
  const [, high, low] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(name) ?? [];
  if (high === undefined || low === undefined) return name;
  const [first, second] = [parseInt(high, 16), parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join('.');
}
