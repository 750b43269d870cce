import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { run, succeed, type CommandOptions, type CommandResult } from '../command.ts';
import { cacheOf, repository } from '../fixtures/cache.ts';

/** A running arm64 machine that several files of tests use, one after the other. */
export interface SharedMachine {
  readonly name: string;
  /** Below it `share/` is /mnt/share of the guest, `ro/` is /mnt/ro. */
  readonly directory: string;
  /** Of 127.0.0.1, and of ::1, that lead to the guest's ports 8000 (tcp, ipv6) and 8001 (udp). */
  readonly ports: { readonly tcp: number; readonly udp: number; readonly ipv6: number };
}

const name = 'shared';
const place = cacheOf('machines');
export const machinesEnvironment = { ...process.env, ANYARCH_HOME: join(place, 'home') };

/** The command line of this checkout, with machines of its own that are kept from one run to the next. */
export async function anyarch(
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return await run([join(repository, 'bin/anyarch'), ...words], {
    environment: machinesEnvironment,
    timeoutMs: 600_000,
    ...options,
  });
}

/**
 * Makes the machine, or goes on with the one of the file before, for the tests of a file. It is saved afterwards, which
 * makes the next start one of seconds.
 */
export function useSharedMachine(): () => SharedMachine {
  let machine: SharedMachine | undefined;
  beforeAll(async () => {
    machine = await start();
  });
  afterAll(async () => {
    await command(['machine', 'stop', name, '--save']);
  });
  return () => {
    if (machine === undefined) throw new Error('the machine is there in tests only');
    return machine;
  };
}

/** Runs it in the guest. */
export async function inGuest(words: readonly string[], options?: CommandOptions): Promise<CommandResult> {
  return await anyarch(['machine', 'shell', name, '--', ...words], options);
}

async function start(): Promise<SharedMachine> {
  const shown = await anyarch(['machine', 'show', name, '--json']);
  if (shown.exitCode !== 0) await create();
  // A saved state is of one QEMU and one command line: after a change of ours, the machine boots.
  const started = await anyarch(['machine', 'start', name]);
  if (started.exitCode !== 0) await command(['machine', 'start', name, '--cold']);
  const ports = (await portsOf()).map(Number);
  const [tcp = 0, udp = 0, ipv6 = 0] = ports;
  return { name, directory: place, ports: { tcp, udp, ipv6 } };
}

async function create(): Promise<void> {
  for (const directory of ['home', 'share', 'ro']) mkdirSync(join(place, directory), { recursive: true });
  const [tcp, udp, ipv6] = [await freePort(), await freePort(), await freePort()];
  const words = [
    ...['machine', 'create', name, '-a', 'arm64', '--image', 'debian', '--user', 'me', '--engine', 'podman'],
    ...['--port', `${tcp}:8000`, '--port', `${udp}:8001/udp`, '--port', `[::1]:${ipv6}:8000`],
    ...['--mount', `${join(place, 'share')}:/mnt/share`, '--mount', `${join(place, 'ro')}:/mnt/ro:ro`],
  ];
  // Where the image has to be made, an emulated dpkg works for minutes.
  await command(words, 3_600_000);
}

async function command(words: readonly string[], timeoutMs = 900_000): Promise<CommandResult> {
  return await succeed([join(repository, 'bin/anyarch'), ...words], {
    environment: machinesEnvironment,
    timeoutMs,
  });
}

/** Those of the record, in its order. */
async function portsOf(): Promise<string[]> {
  const { stdout } = await command(['machine', 'show', name, '--json']);
  return [...stdout.matchAll(/"hostPort": ?(\d+)/g)].map(([, port = '']) => port);
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
