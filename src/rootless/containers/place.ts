import { AnyarchError } from '../../core/error.ts';
import { homeDirectory } from '../../host/home-directory.ts';
import type { Host, System } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';

/**
 * Where podman and buildah look for this user's own configuration.
 *
 * @throws AnyarchError ANYARCH_FILE where the environment names no directory
 */
function userConfiguration(system: Pick<System, 'environment' | 'home'>): string {
  const { XDG_CONFIG_HOME: config } = system.environment;
  if (config?.startsWith('/') === true) return `${config}/containers`;
  const home = homeDirectory(system);
  if (home !== undefined) return `${home}/.config/containers`;
  throw new AnyarchError('ANYARCH_FILE', 'neither XDG_CONFIG_HOME nor HOME names an absolute directory', {
    hint: 'set HOME to your home directory',
  });
}

/** Engines that read containers.conf. */
export const containersEngines = ['podman', 'buildah'] as const;
export type ContainersEngine = (typeof containersEngines)[number];

/** Behind the names that people give: what is read last counts. */
export function dropInPath(host: Pick<Host, 'system'>, engine: string): string {
  return `${userConfiguration(host.system)}/containers.conf.d/zz-anyarch-${engine}.conf`;
}

/** Of `anyarch accelerate`, for root, too. It is read behind that of `anyarch rootless`, in whatever order they were made. */
export function accelerateDropInPath(host: Pick<Host, 'system'>, engine: ContainersEngine): string {
  const directory = isRoot(host.system) ? '/etc/containers' : userConfiguration(host.system);
  return `${directory}/containers.conf.d/zzz-anyarch-accelerate-${engine}.conf`;
}

/** Those of this user's drop-ins that are ours, whether they are there or not. */
export function ownDropIns(host: Pick<Host, 'system'>): ReadonlySet<string> {
  const rootless = isRoot(host.system) ? [] : containersEngines.map((engine) => dropInPath(host, engine));
  return new Set([...rootless, ...containersEngines.map((engine) => accelerateDropInPath(host, engine))]);
}

/**
 * The files that containers-common reads for a user, in its order (containers.conf(5), pkg/config of containers/common).
 * CONTAINERS_CONF stands for all of them; what CONTAINERS_CONF_OVERRIDE names comes last.
 */
export function configurationFiles(host: Pick<Host, 'files' | 'system'>): string[] {
  const { CONTAINERS_CONF: only, CONTAINERS_CONF_OVERRIDE: last } = host.system.environment;
  const user = isRoot(host.system) ? [] : [userConfiguration(host.system)];
  const usual = ['/usr/share/containers', '/etc/containers', ...user].flatMap((directory) => [
    `${directory}/containers.conf`,
    ...dropIns(host, `${directory}/containers.conf.d`),
  ]);
  return [...(isSet(only) ? [only] : usual), ...(isSet(last) ? [last] : [])];
}

/** What keeps every drop-in from being read; undefined where they are. */
export function onlyConfiguration({ system }: Pick<Host, 'system'>): string | undefined {
  const { CONTAINERS_CONF: only } = system.environment;
  return isSet(only) ? only : undefined;
}

function dropIns({ files }: Pick<Host, 'files'>, directory: string): string[] {
  const names = ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => files.list(directory)) ?? [];
  return names
    .filter((name) => name.endsWith('.conf'))
    .sort()
    .map((name) => `${directory}/${name}`);
}

/** The host's root has no configuration of its own beside the system's. */
function isRoot({ uid, isForeignRoot }: Pick<System, 'uid' | 'isForeignRoot'>): boolean {
  return uid === 0 && isForeignRoot !== true;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
