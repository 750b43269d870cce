import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { Daemon } from './daemons.ts';
import { clientEndpoint, isServedBy, socketPath } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';

/** What makes this user's `docker` talk to another daemon than the one that is seen to. */
export function clientWarnings(
  host: Pick<Host, 'files' | 'system'>,
  daemons: readonly Daemon[],
): readonly string[] {
  const endpoint = clientEndpoint(host);
  if (endpoint === undefined)
    return ['docker has a current context that cannot be read; next: docker context ls'];
  if (isServedBy(host, endpoint, daemons)) return [];
  const own = daemons.flatMap(({ sockets }) => sockets).find((path) => path.endsWith('/docker.sock'));
  const socket = socketPath(endpoint.address);
  if (daemons.length === 0 && socket !== undefined && !isRoots(host, socket)) return [];
  const remedy =
    own === undefined
      ? 'docker context use rootless'
      : `docker context use rootless, or export DOCKER_HOST=unix://${own}`;
  return [`${whose(host, endpoint, socket)}; for the rootless one: ${remedy}`];
}

function whose(
  host: Pick<Host, 'files' | 'system'>,
  { address, origin }: Endpoint,
  socket: string | undefined,
): string {
  const talks = `docker talks to ${address} (${origin})`;
  if (socket === undefined)
    return `${talks}, which is reached over a network: nothing here changes what runs there`;
  if (socket.includes('/podman/'))
    return `${talks}, which is podman: anyarch rootless enable podman serves it`;
  if (isRoots(host, socket))
    return `${talks}, root's daemon, whose containers have the host's table (sudo anyarch register)`;
  return `${talks}, where no rootless docker of this user answers`;
}

function isRoots({ files }: Pick<Host, 'files'>, socket: string): boolean {
  return ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => files.status(socket))?.uid === 0;
}
