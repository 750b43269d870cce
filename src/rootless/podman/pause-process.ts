import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';

const unseen = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ESRCH', 'EINVAL'];

/**
 * The process that holds the namespaces of this user's podman between its commands; undefined when there is none. Its
 * number is in a file (podman, pkg/rootless); the process is looked at, because numbers are given away again.
 */
export function pauseProcess(host: Pick<Host, 'files' | 'system'>): number | undefined {
  const { files, system } = host;
  for (const directory of runtimeDirectories(system)) {
    const text = ignoring(unseen, () => decodeUtf8(files.read(`${directory}/libpod/tmp/pause.pid`)));
    if (text === undefined || !/^\d+\s*$/.test(text)) continue;
    const pid = Number(text);
    const name = ignoring(unseen, () => decodeUtf8(files.read(`/proc/${pid}/comm`)).trim());
    if (name !== undefined && /^(podman|catatonit)/.test(name)) return pid;
  }
  return undefined;
}

/** Where podman keeps it, with and without a login session. */
function runtimeDirectories({ environment, uid }: Host['system']): string[] {
  const { XDG_RUNTIME_DIR: runtime } = environment;
  return [
    ...(runtime?.startsWith('/') === true ? [runtime] : []),
    `/run/user/${uid}`,
    ...['/tmp/podman-run', '/tmp/storage-run', '/tmp/containers-user'].map((base) => `${base}-${uid}`),
  ];
}
