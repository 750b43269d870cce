import { homeDirectory } from '../../host/home-directory.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { FoundEngine } from '../engine.ts';
import { searchPath } from '../real-program.ts';
import { runningDaemons } from './daemons.ts';
import { clientEndpoint, socketPath } from './endpoint.ts';

const starter = 'dockerd-rootless.sh';

/** Rootless docker is there where its starter is, or a daemon of this user runs. A daemon of root's is none. */
export function findRootlessDocker(host: Host): FoundEngine {
  const path = starterPath(host);
  if (path !== undefined || runningDaemons(host).length > 0) {
    const daemon = daemonPath(host);
    const version = daemon === undefined ? undefined : versionOf(host, daemon);
    if (version !== undefined) return { found: true, path: path ?? daemon ?? starter, version };
    return { found: false, reason: `there is ${path ?? 'rootless docker'}, but no dockerd that runs` };
  }
  return { found: false, reason: whyNot(host) };
}

function whyNot(host: Host): string {
  const install =
    'install rootless docker (dockerd-rootless-setuptool.sh install; package docker-ce-rootless-extras)';
  const endpoint = clientEndpoint(host);
  const socket = endpoint === undefined ? undefined : socketPath(endpoint.address);
  const status = socket === undefined ? undefined : reading(() => host.files.status(socket));
  if (endpoint !== undefined && status?.uid === 0)
    return `docker talks to ${endpoint.address} (${endpoint.origin}), which is root's daemon and has the host's table: "sudo anyarch register" serves it; or ${install}`;
  return `there is no ${starter} in PATH, and no rootless docker of this user runs: ${install}`;
}

/** Where it is installed, beside PATH: Debian's docker.io keeps it out of PATH; docker's own script has ~/bin. */
function starterPath(host: Host): string | undefined {
  const home = homeDirectory(host.system);
  return firstExecutable(host, starter, [
    ...searchPath(host),
    '/usr/bin',
    '/usr/share/docker.io/contrib',
    ...(home === undefined ? [] : [`${home}/bin`]),
  ]);
}

function daemonPath(host: Host): string | undefined {
  const home = homeDirectory(host.system);
  return firstExecutable(host, 'dockerd', [
    ...searchPath(host),
    '/usr/bin',
    '/usr/sbin',
    ...(home === undefined ? [] : [`${home}/bin`]),
  ]);
}

function firstExecutable({ files }: Host, name: string, directories: readonly string[]): string | undefined {
  return directories
    .map((directory) => `${directory}/${name}`)
    .find((path) => reading(() => files.isExecutable(path)) === true);
}

function versionOf({ processes }: Host, daemon: string): string | undefined {
  const { exitCode, stdout } = processes.run([daemon, '--version'], { timeoutMs: 20_000 });
  return exitCode === 0 ? /\d+(\.\d+)+[^\s,]*/.exec(stdout)?.[0] : undefined;
}

function reading<T>(action: () => T): T | undefined {
  return ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], action);
}
