import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { EngineName } from '../engine.ts';

/** What the environment tells the engine that keeps ours from counting: sentences for people. */
export function environmentWarnings(host: Pick<Host, 'files' | 'system'>, engine: EngineName): string[] {
  const { BUILDAH_ISOLATION: isolation, BUILDAH_RUNTIME: runtime } = host.system.environment;
  const isChroot = isolation === 'chroot';
  // Podman tells its builds which runtime they are to take.
  const isByPath = engine === 'buildah' && !isChroot && runtime?.includes('/') === true;
  return [
    ...(engine === 'podman' ? remoteWarnings(host) : []),
    ...(isChroot ? [`BUILDAH_ISOLATION is chroot, which starts no runtime: ${insteadOf(engine)}`] : []),
    ...(isByPath
      ? [
          `BUILDAH_RUNTIME is ${runtime}, a path, which buildah does not look up, so nothing of ours runs before it; unset it, or set it to a name`,
        ]
      : []),
  ];
}

function insteadOf(engine: EngineName): string {
  return engine === 'buildah'
    ? 'use anyarch run -- buildah …, or unset it'
    : 'foreign builds work once a container has run; or use anyarch run -- podman build …, or unset it';
}

/** A service of this user's own has its namespace, and reads its files. */
function remoteWarnings({ files, system }: Pick<Host, 'files' | 'system'>): string[] {
  const { CONTAINER_HOST: address = '', CONTAINER_CONNECTION: connection = '' } = system.environment;
  const [socket] = /(?<=^unix:(\/\/)?)\/.*/.exec(address) ?? [];
  const status = socket === undefined ? undefined : ignoring(unseen, () => files.status(socket));
  if (status?.uid === system.uid) return [];
  const [name, value] = address === '' ? ['CONTAINER_CONNECTION', connection] : ['CONTAINER_HOST', address];
  if (value === '') return [];
  return [
    `${name} is ${value}: podman is a client of another service then, where nothing here changes what runs; unset it`,
  ];
}

const unseen = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'];
