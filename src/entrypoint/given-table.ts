import { decodeUtf8 } from '../core/text.ts';
import { binfmtAt } from '../host/binfmt-at.ts';
import type { Host } from '../host/host.ts';
import type { BinfmtMisc } from '../host/kernel-table.ts';
import { ignoring } from '../host/system-error.ts';

/**
 * The table where the container was given it: `-v /proc/sys/fs/binfmt_misc:/binfmt`, at any path. Its usual place is no
 * good: runc puts nothing below /proc ("cannot be mounted because it is inside /proc"), and AppArmor's profiles for
 * containers forbid writing below /proc/sys.
 */
export function givenTable(host: Pick<Host, 'files' | 'binfmt'>): BinfmtMisc {
  if (host.binfmt.state() !== 'unmounted') return host.binfmt;
  const [path] = mountPointsOf(host, 'binfmt_misc');
  return path === undefined ? host.binfmt : binfmtAt(host, path);
}

function mountPointsOf({ files }: Pick<Host, 'files'>, type: string): string[] {
  const mounts = ignoring(['ENOENT', 'EACCES'], () => files.read('/proc/self/mounts'));
  if (mounts === undefined) return [];
  return decodeUtf8(mounts)
    .split('\n')
    .flatMap((line) => {
      const [, path, found] = line.split(' ');
      return found === type && path !== undefined ? [unescape(path)] : [];
    });
}

/** Spaces and the like are written as in C (proc_pid_mounts(5)). */
function unescape(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
