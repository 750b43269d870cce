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

/** Behind the names that people give: what is read last counts. */
export function dropInPath(host: Pick<Host, 'system'>, engine: string): string {
  return `${userConfiguration(host.system)}/containers.conf.d/zz-anyarch-${engine}.conf`;
}

/**
 * The files that containers-common reads for a user, in its order (containers.conf(5), pkg/config of containers/common).
 * CONTAINERS_CONF stands for all of them; what CONTAINERS_CONF_OVERRIDE names comes last.
 */
export function configurationFiles(host: Pick<Host, 'files' | 'system'>): string[] {
  const { CONTAINERS_CONF: only, CONTAINERS_CONF_OVERRIDE: last } = host.system.environment;
  const user = userConfiguration(host.system);
  const usual = ['/usr/share/containers', '/etc/containers', user].flatMap((directory) => [
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

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
