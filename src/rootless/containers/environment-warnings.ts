import type { Host } from '../../host/host.ts';
import type { EngineName } from '../engine.ts';

/** What the environment tells builds that keeps them from starting a runtime of ours: sentences for people. */
export function environmentWarnings({ system }: Pick<Host, 'system'>, engine: EngineName): string[] {
  const { BUILDAH_ISOLATION: isolation, BUILDAH_RUNTIME: runtime } = system.environment;
  const isChroot = isolation === 'chroot';
  // Podman tells its builds which runtime they are to take.
  const isByPath = engine === 'buildah' && !isChroot && runtime?.includes('/') === true;
  return [
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
