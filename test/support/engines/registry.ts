import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import { certificate, privateKey } from '../mirror-certificate.ts';
import { temporaryDirectory } from '../temporary.ts';
import type { TokenServer } from './token-server.ts';

export const registryProgram = '/usr/bin/docker-registry';

/** Who may use a registry with passwords. */
export const registryLogin = { name: 'me', password: 'geheim' } as const;
/** bcrypt of that password; the program that makes such lines is not on every machine. */
const passwordHash = '$2b$05$abcdefghijklmnopqrstuuVWu8RjbNovPZWAMRdd7iqaaG0mI53Uu';

export interface RegistryOptions {
  /** Asks for `registryLogin`, itself or by a token server. */
  readonly authentication?: 'password' | TokenServer;
  /** https, with a certificate for localhost that nobody trusts. */
  readonly tls?: boolean;
}

/** Debian's docker-registry on loopback, with a store of its own. */
export interface Registry {
  /** `127.0.0.1:1234` */
  readonly name: string;
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const directory = temporaryDirectory('registry');
  const port = await freePort();
  const configuration = join(directory, 'config.json');
  // YAML can be written as JSON.
  writeFileSync(configuration, JSON.stringify(configurationOf(directory, port, options)));
  const logFile = join(directory, 'registry.log');
  const log = openSync(logFile, 'w');
  // The signal at the parent's death ends it with a test process that was killed.
  const server = spawn('setpriv', ['--pdeathsig', 'TERM', registryProgram, 'serve', configuration], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = once(server, 'exit');
  const name = `${options.tls === true ? 'localhost' : '127.0.0.1'}:${port}`;
  await untilReady(port, () => server.exitCode !== null, logFile);
  return {
    name,
    url: `${options.tls === true ? 'https' : 'http'}://${name}`,
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function configurationOf(directory: string, port: number, { authentication, tls }: RegistryOptions): object {
  const write = (name: string, content: string) => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };
  const auth =
    authentication === 'password'
      ? {
          htpasswd: {
            realm: 'a "registry"',
            path: write('htpasswd', `${registryLogin.name}:${passwordHash}\n`),
          },
        }
      : authentication === undefined
        ? undefined
        : {
            token: {
              realm: authentication.realm,
              service: authentication.service,
              issuer: authentication.issuer,
              rootcertbundle: write('tokens.pem', authentication.certificate),
            },
          };
  const files = { certificate: write('tls.pem', certificate), key: write('tls.key', privateKey) };
  return {
    version: 0.1,
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(directory, 'data') } },
    http: { addr: `127.0.0.1:${port}`, secret: 'test', ...(tls === true ? { tls: files } : {}) },
    ...(auth === undefined ? {} : { auth }),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(port: number, hasEnded: () => boolean, logFile: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline && !hasEnded()) {
    // Whatever it answers: it answers.
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined);
    if (answer !== undefined) return;
    await sleep(50);
  }
  throw new Error(`docker-registry is not ready:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
}
