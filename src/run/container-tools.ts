import type { System } from '../host/host.ts';

/**
 * What tells buildah, podman and skopeo that they are root of a user namespace that a user made, as `buildah unshare`
 * says it: without it they take themselves for the host's root and want /var/lib/containers (measured with buildah
 * 1.28 and podman 4.3; containers/storage, pkg/unshare). Nothing else reads it.
 */
export function containerToolsEnvironment({ uid, gid }: Pick<System, 'uid' | 'gid'>): string[] {
  return [
    '_CONTAINERS_USERNS_CONFIGURED=done',
    `_CONTAINERS_ROOTLESS_UID=${uid}`,
    `_CONTAINERS_ROOTLESS_GID=${gid}`,
  ];
}
