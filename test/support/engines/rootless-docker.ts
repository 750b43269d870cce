import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../command.ts';
import { dockerClient } from './docker.ts';
import type { Engine } from './engine.ts';
import type { UserHome } from './user.ts';
import { asUser } from './user.ts';

/** Where Debian's docker.io has it; a package of docker's own has it in /usr/bin. */
export const rootlessStarter = '/usr/share/docker.io/contrib/dockerd-rootless.sh';

/** The PATH that dockerd-rootless-setuptool.sh writes into the unit: the starter's directory first. */
export const servicePath = '/usr/share/docker.io/contrib:/sbin:/usr/sbin:/usr/local/bin:/usr/bin:/bin';

export interface RootlessDocker extends Engine {
  /** The environment of the client. */
  readonly environment: Readonly<Record<string, string>>;
  readonly socket: string;
}

/**
 * Starts a daemon of the test user's, as docker.service does, with rootlesskit: no network, no control groups. Its
 * storage lasts as long as the home.
 *
 * @param environment on top of what the service has, such as PATH
 */
export async function startRootlessDocker(
  home: UserHome,
  environment: Readonly<Record<string, string>> = {},
): Promise<RootlessDocker> {
  const runtime = home.environment['XDG_RUNTIME_DIR'] ?? '';
  const socket = join(runtime, 'docker.sock');
  const logFile = join(home.directory, 'dockerd.log');
  const log = openSync(logFile, 'w');
  const [program = '', ...words] = asUser([
    // It ends the rest by SIGTERM when the test process dies.
    ...['setpriv', '--pdeathsig', 'TERM', '--', rootlessStarter, ...daemonArguments],
  ]);
  const daemon = spawn(program, words, {
    stdio: ['ignore', log, log],
    cwd: home.directory,
    env: {
      ...home.environment,
      PATH: servicePath,
      DOCKERD_ROOTLESS_ROOTLESSKIT_NET: 'host',
      DOCKERD_ROOTLESS_ROOTLESSKIT_PORT_DRIVER: 'none',
      ...environment,
    },
  });
  closeSync(log);
  const ended = once(daemon, 'exit');
  const client = [dockerClient, '--host', `unix://${socket}`];
  const stop = async (): Promise<void> => {
    daemon.kill('SIGTERM');
    const forced = setTimeout(() => daemon.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(forced);
  };
  try {
    await untilReady(client, socket, () => daemon.exitCode !== null, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return { client, environment: home.environment, socket, stop };
}

const daemonArguments = [
  ['--bridge=none', '--iptables=false', '--ip6tables=false'],
  ['--storage-driver=vfs', '--shutdown-timeout', '1'],
].flat();

async function untilReady(
  client: readonly string[],
  socket: string,
  hasEnded: () => boolean,
  logFile: string,
): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline && !hasEnded()) {
    await sleep(100);
    if (!existsSync(socket)) continue;
    const version = await run([...client, 'version', '--format', '{{.Server.Version}}']);
    if (version.exitCode === 0) return;
  }
  throw new Error(`rootless dockerd is not ready:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
}
