import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../command.ts';
import { temporaryDirectory } from '../temporary.ts';
import type { Engine } from './engine.ts';
import { runtimeWrapper } from './runtime.ts';

/** Debian's (docker.io): a newer client may be first in the PATH of a test machine. */
export const dockerClient = '/usr/bin/docker';
export const dockerDaemon = '/usr/sbin/dockerd';

export interface DockerOptions {
  /** PATH of the daemon, in which it finds its runc; without one it has the runtime that test machines need. */
  readonly path?: string;
}

/** Starts a daemon of its own: no bridge, no iptables, nothing shared with a daemon that runs already. */
export async function startDocker({ path }: DockerOptions = {}): Promise<Engine> {
  const directory = temporaryDirectory('docker');
  const socket = `unix://${join(directory, 'docker.sock')}`;
  const logFile = join(directory, 'dockerd.log');
  writeFileSync(join(directory, 'daemon.json'), '{}');
  const log = openSync(logFile, 'w');
  // The signal at the parent's death ends the daemon with a test process that was killed.
  const daemon = spawn(
    'setpriv',
    ['--pdeathsig', 'TERM', dockerDaemon, ...daemonArguments(directory, socket, path === undefined)],
    {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...(path === undefined ? {} : { PATH: path }) },
    },
  );
  closeSync(log);
  const ended = once(daemon, 'exit');
  const client = [dockerClient, '--host', socket];
  await untilReady(client, () => daemon.exitCode !== null, logFile);
  return {
    client,
    stop: async () => {
      daemon.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function daemonArguments(directory: string, socket: string, hasRuntime: boolean): string[] {
  return [
    ['--host', socket],
    ['--data-root', join(directory, 'data')],
    ['--exec-root', join(directory, 'exec')],
    ['--pidfile', join(directory, 'dockerd.pid')],
    // Not the machine's /etc/docker/daemon.json.
    ['--config-file', join(directory, 'daemon.json')],
    ['--bridge=none', '--iptables=false', '--ip6tables=false'],
    ['--exec-opt', 'native.cgroupdriver=cgroupfs'],
    hasRuntime
      ? ['--add-runtime', `anyarch-test=${runtimeWrapper}`, '--default-runtime', 'anyarch-test']
      : [],
    ['--shutdown-timeout', '1'],
  ].flat();
}

async function untilReady(
  client: readonly string[],
  hasEnded: () => boolean,
  logFile: string,
): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline && !hasEnded()) {
    const version = await run([...client, 'version', '--format', '{{.Server.Version}}']);
    if (version.exitCode === 0) return;
    await sleep(50);
  }
  throw new Error(`dockerd is not ready:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
}
