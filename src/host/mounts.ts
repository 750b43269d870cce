import { decodeUtf8 } from '../core/text.ts';
import type { Host } from './host.ts';
import { ignoring } from './system-error.ts';

/** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  /** Where it is mounted. */
  readonly point: string;
  /** `ext4`, `fuse.sshfs` … */
  readonly type: string;
  /** `major:minor`: mounts of one file system have it in common. */
  readonly device: string;
  readonly source: string;
  /** Of the mount and of the file system: `ro`, `noexec` … */
  readonly options: ReadonlySet<string>;
}

/**
 * The mount that a path is on, or will be on once it is made. Links are followed as far as the path exists. Undefined
 * where /proc does not tell.
 *
 * @param path absolute
 */
export function mountOf({ files }: Pick<Host, 'files'>, path: string): Mount | undefined {
  const text = ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () =>
    decodeUtf8(files.read('/proc/self/mountinfo')),
  );
  if (text === undefined) return undefined;
  const resolved = resolveExisting(files, path);
  let found: Mount | undefined;
  for (const mount of parseMounts(text)) {
    const below = mount.point === '/' || resolved === mount.point || resolved.startsWith(`${mount.point}/`);
    // A later line with the same point lies over the earlier one.
    if (below && mount.point.length >= (found?.point.length ?? 0)) found = mount;
  }
  return found;
}

/** Lines that are none are left out. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    const words = line.split(' ');
    const separator = words.indexOf('-', 6);
    const [, , device, , point, options] = words;
    const [type, source, superOptions] = words.slice(separator + 1);
    if (
      separator === -1 ||
      device === undefined ||
      point === undefined ||
      options === undefined ||
      type === undefined
    )
      return [];
    return [
      {
        point: unescape(point),
        type,
        device,
        source: unescape(source ?? ''),
        options: new Set([...options.split(','), ...(superOptions ?? '').split(',')]),
      },
    ];
  });
}

/** Space, tab, line feed and backslash are written in octal. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function resolveExisting(files: Host['files'], path: string): string {
  let missing = '';
  for (let existing = path; existing !== '' && existing !== '/';) {
    const resolved = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => files.resolve(existing));
    if (resolved !== undefined) return resolved === '/' ? missing : `${resolved}${missing}`;
    const slash = existing.lastIndexOf('/');
    missing = `${existing.slice(slash)}${missing}`;
    existing = existing.slice(0, slash);
  }
  return missing === '' ? path : missing;
}
