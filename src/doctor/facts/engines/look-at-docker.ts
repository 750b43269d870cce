import { lookUpArchitecture } from '../../../core/architecture.ts';
import { isRecord, parseJson } from '../../../core/json.ts';
import type { Host } from '../../../host/host.ts';
import { askEngine, whySilent } from './ask-engine.ts';
import type { AnsweringEngine, SilentEngine } from './found-engine.ts';
import { isPodmanInfo, readPodman } from './look-at-containers.ts';

type Parts = Pick<Host, 'files' | 'processes' | 'system'>;

/** The client alone runs nothing: its daemon is asked. What turns out to be podman is told as podman. */
export function lookAtDocker(host: Parts, path: string): AnsweringEngine | SilentEngine {
  const endpoint = endpointOf(host, path);
  const silent = (silence: SilentEngine['silence']): SilentEngine => ({
    state: 'silent',
    name: 'docker',
    path,
    endpoint,
    silence,
  });
  const answer = askEngine(host, [path, 'info', '--format', '{{json .}}']);
  if ('why' in answer) return silent(answer);
  const info = parseJson(answer.text);
  if (isPodmanInfo(info)) return readPodman(host, path, info);
  const fields = isRecord(info) ? info : {};
  const { ServerVersion: version, ServerErrors: errors } = fields;
  if (typeof version !== 'string' || version === '') {
    // Clients of 20.10 end with 0 although they reach nobody.
    const said = Array.isArray(errors) ? errors.map(String).join('\n') : answer.said.trim();
    return silent({ why: whySilent(said), reason: `its daemon does not answer: ${said}`, said });
  }
  return {
    state: 'answers',
    name: 'docker',
    path,
    version,
    endpoint,
    architecture: architectureOf(fields['Architecture']),
    rootless: JSON.stringify(fields['SecurityOptions'] ?? '').includes('name=rootless'),
    elsewhere: elsewhere(host, endpoint, fields),
    runtime: runtimeOf(fields),
    storage: storageOf(fields),
  };
}

/** @param machine `uname -m` of the daemon's machine */
function architectureOf(machine: unknown): string | undefined {
  return typeof machine === 'string' ? lookUpArchitecture(machine)?.name : undefined;
}

function endpointOf(host: Parts, path: string): string | undefined {
  const { DOCKER_HOST: address } = host.system.environment;
  if (address !== undefined && address !== '') return address;
  const answer = askEngine(host, [path, 'context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']);
  return 'why' in answer || answer.text.trim() === '' ? undefined : answer.text.trim();
}

function elsewhere(
  { system }: Parts,
  endpoint: string | undefined,
  { OperatingSystem: name, KernelVersion: kernel }: Readonly<Record<string, unknown>>,
): string | undefined {
  if (typeof name === 'string' && /docker desktop/i.test(name))
    return `it is ${name}, which runs containers in a virtual machine`;
  if (typeof kernel === 'string' && kernel !== '' && kernel !== system.kernelRelease)
    return `its kernel is ${kernel}, this one is ${system.kernelRelease}`;
  if (endpoint !== undefined && !/^(unix|fd):/.test(endpoint)) return `its daemon is at ${endpoint}`;
  return undefined;
}

function runtimeOf({
  DefaultRuntime: name,
  Runtimes: all,
}: Readonly<Record<string, unknown>>): AnsweringEngine['runtime'] {
  if (typeof name !== 'string') return undefined;
  const one = isRecord(all) ? all[name] : undefined;
  const path = isRecord(one) ? one['path'] : undefined;
  return { name, path: typeof path === 'string' && path.startsWith('/') ? path : undefined };
}

function storageOf({
  Driver: driver,
  DockerRootDir: root,
}: Readonly<Record<string, unknown>>): AnsweringEngine['storage'] {
  return typeof driver === 'string' && typeof root === 'string' ? { driver, root } : undefined;
}
