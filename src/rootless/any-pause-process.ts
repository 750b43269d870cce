import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

const unseen = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ESRCH', 'EINVAL'];

/** A process of this user's that holds namespaces of podman's, whichever runtime directory it was started for. */
export function anyPauseProcess({ files, system }: Pick<Host, 'files' | 'system'>): number | undefined {
  const pids = (ignoring(unseen, () => files.list('/proc')) ?? []).filter((name) => /^\d+$/.test(name));
  const read = (pid: string, name: string): string =>
    ignoring(unseen, () => decodeUtf8(files.read(`/proc/${pid}/${name}`))) ?? '';
  const found = pids.find((pid) => {
    const isOwn = ignoring(unseen, () => files.status(`/proc/${pid}`))?.uid === system.uid;
    if (!isOwn) return false;
    return read(pid, 'comm') === 'podman pause\n' || read(pid, 'cmdline').endsWith('catatonit\0-P\0');
  });
  return found === undefined ? undefined : Number(found);
}
