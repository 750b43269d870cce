import { isRecord, parseJson } from '../../core/json.ts';
import { decodeUtf8 } from '../../core/text.ts';
import { homeDirectory } from '../../host/home-directory.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { Daemon } from './daemons.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** Where this user's `docker` finds its daemon. */
export interface Endpoint {
  /** `unix:///run/user/1000/docker.sock`, `ssh://…`, `tcp://…` */
  readonly address: string;
  /** What says so, for people: `DOCKER_HOST`, `the context "rootless"`, `its default`. */
  readonly origin: string;
}

const builtIn: Endpoint = { address: 'unix:///var/run/docker.sock', origin: 'its default' };

/**
 * As the client looks for it (docker(1); cli/command of docker/cli): DOCKER_HOST, DOCKER_CONTEXT, the current context of
 * its configuration, and what is built in.
 *
 * @returns undefined where a context is chosen that is not there or cannot be read
 */
export function clientEndpoint(host: Parts): Endpoint | undefined {
  const { DOCKER_HOST: chosen, DOCKER_CONTEXT: named } = host.system.environment;
  if (isSet(chosen)) return { address: chosen, origin: 'DOCKER_HOST' };
  const directory = configurationDirectory(host);
  if (directory === undefined) return builtIn;
  const context = isSet(named) ? named : readDocument(host, `${directory}/config.json`)?.['currentContext'];
  if (typeof context !== 'string' || context === '' || context === 'default') return builtIn;
  const address = contextAddress(host, directory, context);
  return address === undefined ? undefined : { address, origin: `the context "${context}"` };
}

/** Whether one of these daemons answers there. */
export function isServedBy({ files }: Parts, { address }: Endpoint, daemons: readonly Daemon[]): boolean {
  const path = socketPath(address);
  if (path === undefined) return false;
  const names = [path, reading(() => files.resolve(path))];
  return daemons.some(({ sockets }) => sockets.some((socket) => names.includes(socket)));
}

/** The path of a unix socket; undefined for what is reached otherwise. */
export function socketPath(address: string): string | undefined {
  return address.startsWith('unix:///') ? address.slice('unix://'.length) : undefined;
}

function contextAddress(host: Parts, directory: string, name: string): string | undefined {
  const contexts = `${directory}/contexts/meta`;
  const documents = (reading(() => host.files.list(contexts)) ?? []).map((id) =>
    readDocument(host, `${contexts}/${id}/meta.json`),
  );
  const endpoints = documents.find((document) => document?.['Name'] === name)?.['Endpoints'];
  const docker = isRecord(endpoints) ? endpoints['docker'] : undefined;
  const address = isRecord(docker) ? docker['Host'] : undefined;
  return typeof address === 'string' ? address : undefined;
}

function configurationDirectory({ system }: Parts): string | undefined {
  const { DOCKER_CONFIG: chosen } = system.environment;
  if (isSet(chosen)) return chosen;
  const home = homeDirectory(system);
  return home === undefined ? undefined : `${home}/.docker`;
}

/** What the client cannot read either is its own to complain about. */
function readDocument({ files }: Parts, path: string): Readonly<Record<string, unknown>> | undefined {
  const text = reading(() => decodeUtf8(files.read(path)));
  if (text === undefined) return undefined;
  const document = parseJson(text);
  return isRecord(document) ? document : undefined;
}

function reading<T>(action: () => T): T | undefined {
  return ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'], action);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
