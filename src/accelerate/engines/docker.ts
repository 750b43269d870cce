import { decodeUtf8 } from '../../core/text.ts';
import { isRecord } from '../../core/json.ts';
import type { Host } from '../../host/host.ts';
import { homeDirectory } from '../../host/home-directory.ts';
import { ignoring } from '../../host/system-error.ts';
import { findRootlessDocker, userUnits, type FoundEngine } from '../../rootless/index.ts';
import type { AccelerateEngine, EngineContext, LiveEngine } from './engine.ts';
import { dockerFiles, programDirectory, programPath, serviceUnits, withoutTree } from './docker-files.ts';
import { starters, type Starter } from './docker-processes.ts';

const unseen = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EISDIR'];

/**
 * Docker's daemons look `runc` up in their PATH: containerd for containers and classic builds, dockerd for BuildKit. A
 * program of ours of that name comes first there. (A runtime in daemon.json would be the user's file, BuildKit does not
 * use it, and containers that were made with it would not start any more once it is gone.)
 */
export const docker: AccelerateEngine = {
  name: 'docker',
  find: (host) => (host.system.uid === 0 ? findRootDocker(host) : findRootlessDocker(host)),
  isSetUp: (context) => context.host.system.uid === 0 || isRootlessSetUp(context),
  files: dockerFiles,
  staying: (context) => (holders(context).length === 0 ? [] : [withoutTree(context)]),
  notes,
  live,
  warnings,
  manual,
};

function findRootDocker(host: Host): FoundEngine {
  const [, ...usual] = (host.system.environment['PATH'] ?? '').split(':');
  const path = ['/usr/sbin', '/usr/bin', '/usr/local/bin', ...usual.filter((one) => one.startsWith('/'))]
    .map((directory) => `${directory}/dockerd`)
    .find((one) => ignoring(unseen, () => host.files.isExecutable(one)) === true);
  if (path === undefined) return { found: false, reason: 'there is no dockerd' };
  const { exitCode, stdout } = host.processes.run([path, '--version'], { timeoutMs: 20_000 });
  const [version] = /\d+(\.\d+)+[^\s,]*/.exec(stdout) ?? [];
  return exitCode === 0 && version !== undefined
    ? { found: true, path, version }
    : { found: false, reason: `${path} does not run` };
}

/** Its programs may be there for all users of the machine: what tells is a service, a daemon or data of this user's. */
function isRootlessSetUp({ host }: EngineContext): boolean {
  const data = `${dataHome(host) ?? ''}/docker`;
  const paths = [`${userUnits(host)}/docker.service`, data];
  const isThere = (path: string): boolean => ignoring(unseen, () => host.files.status(path)) !== undefined;
  return starters(host).length > 0 || paths.some(isThere);
}

function dataHome({ system }: Host): string | undefined {
  const { XDG_DATA_HOME: data } = system.environment;
  if (data?.startsWith('/') === true) return data;
  const home = homeDirectory(system);
  return home === undefined ? undefined : `${home}/.local/share`;
}

/** Daemons that start, or may keep the path of, our program. */
function holders(context: EngineContext): readonly Starter[] {
  const own = programDirectory(context);
  if (context.host.files.linkStatus(programPath(context)) === undefined) return [];
  return starters(context.host).filter(({ searchPath }) => searchPath.includes(own));
}

function live(context: EngineContext): LiveEngine {
  const found = starters(context.host);
  if (!found.some(({ name }) => name === 'dockerd')) return { state: 'not-running', processes: [] };
  const first = ({ searchPath }: Starter): string | undefined =>
    searchPath.find((directory) => isExecutable(context.host, `${directory}/runc`));
  const pids = (some: readonly Starter[]): number[] => some.map(({ pid }) => pid);
  const without = found.filter((one) => first(one) !== programDirectory(context));
  return without.length === 0
    ? { state: 'accelerated', processes: pids(found) }
    : { state: 'restart', processes: pids(without) };
}

function notes(context: EngineContext, action: 'enable' | 'disable'): string[] {
  const { state } = live(context);
  if (action === 'enable') {
    if (state === 'accelerated') return [];
    return [`docker's daemons have it from their next start on; next: ${restart(context)}`];
  }
  const held = holders(context);
  if (held.length === 0) return [];
  const which = held.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
  return [
    `${which} was started with ${programPath(context)} as its runc, which mounts nothing any more and stays until then; next: ${restart(context)}, and then once more: anyarch accelerate disable docker`,
  ];
}

function restart(context: EngineContext): string {
  const { host } = context;
  const units = serviceUnits(context).map(({ unit }) => unit);
  const running = starters(host);
  const isByHand = running.length > 0 && running.every(({ isService }) => !isService);
  if (units.length === 0 || !hasSystemd(host) || isByHand) return `start ${byHand(context)}`;
  const control = host.system.uid === 0 ? 'systemctl' : 'systemctl --user';
  return `${control} daemon-reload && ${control} restart ${units.join(' ')}`;
}

/** sd_booted(3) */
function hasSystemd({ files }: Host): boolean {
  return files.status('/run/systemd/system')?.kind === 'directory';
}

function byHand(context: EngineContext): string {
  const programs =
    context.host.system.uid === 0
      ? 'dockerd, and containerd where it is started apart'
      : 'dockerd-rootless.sh';
  return `${programs}, with PATH=${programDirectory(context)}:$PATH`;
}

function warnings(context: EngineContext): string[] {
  const { host } = context;
  const { state, processes } = live(context);
  return [
    ...(state === 'restart'
      ? [
          `docker was started without it (process ${processes.join(', ')}): its containers are emulated; next: ${restart(context)}`,
        ]
      : []),
    // containerd's plugin "opt" puts this directory before its PATH.
    ...(isExecutable(host, '/opt/containerd/bin/runc')
      ? [
          '/opt/containerd/bin/runc comes before ours for containerd: only builds with BuildKit in dockerd are accelerated',
        ]
      : []),
    ...otherRuntime(context),
  ];
}

function otherRuntime({ host }: EngineContext): string[] {
  if (host.system.uid !== 0) return [];
  const path = '/etc/docker/daemon.json';
  const bytes = ignoring(unseen, () => host.files.read(path));
  const name = bytes === undefined ? undefined : defaultRuntime(decodeUtf8(bytes));
  if (name === undefined || name === 'runc' || name === 'io.containerd.runc.v2') return [];
  return [
    `${path} has "default-runtime": "${name}": its containers are accelerated only if that starts the runc that is first in PATH`,
  ];
}

function defaultRuntime(text: string): string | undefined {
  try {
    const document: unknown = JSON.parse(text);
    const name = isRecord(document) ? document['default-runtime'] : undefined;
    return typeof name === 'string' ? name : undefined;
  } catch (error) {
    // Docker will say so.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function manual(context: EngineContext): string {
  return `# Start ${byHand(context)}; with systemd, these files do it:
${dockerFiles(context)
  .flatMap(({ path, content }) => (typeof content === 'string' ? [`# ${path}\n${content}`] : []))
  .join('\n')}`;
}

function isExecutable({ files }: Host, path: string): boolean {
  return path.startsWith('/') && ignoring(unseen, () => files.isExecutable(path)) === true;
}
