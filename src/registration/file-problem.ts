import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { FileStatus } from '../host/files.ts';

export interface FileProblem {
  readonly errno: string;
  readonly reason: string;
}

/** Why execve cannot even open a file; undefined when it can. */
export function fileProblem(host: Pick<Host, 'files'>, path: string): FileProblem | undefined {
  const status = statusOrProblem(host, path);
  if ('reason' in status) return status;
  if (status.kind === 'directory') return { errno: 'EACCES', reason: `${path} is a directory` };
  if (status.kind !== 'file') return { errno: 'EACCES', reason: `${path} is no regular file` };
  if ((status.mode & 0o111) === 0)
    return {
      errno: 'EACCES',
      reason: `${path} is not executable (mode ${status.mode.toString(8).padStart(4, '0')})`,
    };
  if (host.files.isExecutable(path)) return undefined;
  const mount = noexecMount(host, path);
  return {
    errno: 'EACCES',
    reason:
      mount === undefined
        ? `this user may not execute ${path}`
        : `${path} is on ${mount}, which is mounted noexec`,
  };
}

function statusOrProblem({ files }: Pick<Host, 'files'>, path: string): FileStatus | FileProblem {
  try {
    const status = files.status(path);
    if (status !== undefined) return status;
    const isLink = files.linkStatus(path)?.kind === 'link';
    return {
      errno: 'ENOENT',
      reason: isLink
        ? `${path} is a link to ${files.readLink(path)}, which does not exist`
        : `${path} does not exist`,
    };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return {
      errno: error.errno,
      reason: error.errno === 'ELOOP' ? `${path} is a link in a circle` : `${path} cannot be reached`,
    };
  }
}

/** The mount point above the file, when it is mounted noexec (proc_pid_mountinfo(5)). */
function noexecMount({ files }: Pick<Host, 'files'>, path: string): string | undefined {
  try {
    const resolved = files.resolve(path);
    let best: { point: string; options: string } | undefined;
    for (const line of decodeUtf8(files.read('/proc/self/mountinfo')).split('\n')) {
      const [, , , , point, options] = line.split(' ');
      if (point === undefined || options === undefined) continue;
      const isAbove = point === '/' || resolved === point || resolved.startsWith(`${point}/`);
      // The last of equally long ones lies on top.
      if (isAbove && (best === undefined || point.length >= best.point.length)) best = { point, options };
    }
    return best?.options.split(',').includes('noexec') === true ? best.point : undefined;
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
