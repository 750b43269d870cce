import { lookUpArchitecture } from '../../../core/architecture.ts';
import { isRecord, parseJson } from '../../../core/json.ts';
import type { Host } from '../../../host/host.ts';
import { askEngine } from './ask-engine.ts';
import type { EngineName } from './engine-name.ts';
import type { AnsweringEngine, LookedAtEngine, SilentEngine } from './found-engine.ts';

type Parts = Pick<Host, 'files' | 'processes' | 'system'>;
type Fields = Readonly<Record<string, unknown>>;

/** `podman info` also proves that its storage can be opened, and that its runtime is there. */
export function lookAtPodman(host: Parts, path: string): AnsweringEngine | SilentEngine {
  const endpoint = remoteEndpoint(host);
  const answer = askEngine(host, [path, 'info', '--format', 'json']);
  if ('why' in answer) return { state: 'silent', name: 'podman', path, endpoint, silence: answer };
  return readPodman(host, path, parseJson(answer.text));
}

/** Whether what `info` printed is podman's document: also a program of docker's name may be podman. */
export function isPodmanInfo(info: unknown): boolean {
  return isRecord(info) && isRecord(info['host']) && isRecord(info['store']);
}

/** @param document what `podman info` printed */
export function readPodman(host: Parts, path: string, document: unknown): AnsweringEngine {
  const endpoint = remoteEndpoint(host);
  const info = fieldsOf(document);
  const its = fieldsOf(info['host']);
  const runtime = fieldsOf(its['ociRuntime']);
  return {
    state: 'answers',
    name: 'podman',
    path,
    version: textOf(fieldsOf(info['version'])['Version']) ?? 'unknown',
    endpoint,
    // Go's name, as images have it.
    architecture: lookUpArchitecture(`linux/${textOf(its['arch']) ?? ''}`)?.name,
    rootless: fieldsOf(its['security'])['rootless'] === true,
    elsewhere: elsewhere(host, its, endpoint),
    runtime:
      textOf(runtime['name']) === undefined
        ? undefined
        : { name: textOf(runtime['name']) ?? '', path: textOf(runtime['path']) },
    storage: storageOf(fieldsOf(info['store']), 'graphDriverName', 'graphRoot'),
  };
}

export function lookAtBuildah(host: Parts, path: string): AnsweringEngine | SilentEngine {
  const answer = askEngine(host, [path, 'info']);
  if ('why' in answer)
    return { state: 'silent', name: 'buildah', path, endpoint: undefined, silence: answer };
  const info = fieldsOf(parseJson(answer.text));
  return {
    state: 'answers',
    name: 'buildah',
    path,
    version: versionOf(host, path) ?? 'unknown',
    endpoint: undefined,
    architecture: undefined,
    rootless: fieldsOf(info['host'])['rootless'] === true,
    elsewhere: undefined,
    runtime: undefined,
    storage: storageOf(fieldsOf(info['store']), 'GraphDriverName', 'GraphRoot'),
  };
}

/** It has neither a daemon nor a storage: where its program runs, it works. */
export function lookAtApptainer(host: Parts, path: string): LookedAtEngine {
  const answer = askEngine(host, [path, '--version']);
  const base = { name: 'apptainer', path, endpoint: undefined } as const;
  if ('why' in answer) return { ...base, state: 'silent', silence: answer };
  return {
    ...base,
    state: 'answers',
    version: /\d+(\.\d+)+\S*/.exec(answer.text)?.[0] ?? 'unknown',
    architecture: undefined,
    rootless: host.system.uid !== 0,
    elsewhere: undefined,
    runtime: undefined,
    storage: undefined,
  };
}

function versionOf(host: Parts, path: string): string | undefined {
  const answer = askEngine(host, [path, '--version']);
  return 'why' in answer ? undefined : /\d+(\.\d+)+\S*/.exec(answer.text)?.[0];
}

/** A connection that is named in containers.conf shows itself in `podman info` only. */
function remoteEndpoint({ system }: Parts): string | undefined {
  const { CONTAINER_HOST: address } = system.environment;
  return address === undefined || address === '' ? undefined : address;
}

function elsewhere({ system }: Parts, its: Fields, endpoint: string | undefined): string | undefined {
  const kernel = textOf(its['kernel']);
  if (kernel !== undefined && kernel !== system.kernelRelease)
    return `its kernel is ${kernel}, this one is ${system.kernelRelease}`;
  if (its['serviceIsRemote'] !== true) return undefined;
  return endpoint !== undefined && !endpoint.startsWith('unix:')
    ? `its service is at ${endpoint}`
    : undefined;
}

function storageOf(store: Fields, driverName: string, rootName: string): AnsweringEngine['storage'] {
  const [driver, root] = [textOf(store[driverName]), textOf(store[rootName])];
  return driver === undefined || root === undefined ? undefined : { driver, root };
}

function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What podman and buildah are called together. */
export function sharesContainersStorage(name: EngineName): boolean {
  return name === 'podman' || name === 'buildah';
}
