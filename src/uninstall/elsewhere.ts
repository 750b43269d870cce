import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { systemStateDirectory } from '../host/state-directory.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { ignoring } from '../host/system-error.ts';
import type { Left } from './report.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** What is anyarch's, but not this command's to remove: other users', and that of another ANYARCH_HOME. */
export function elsewhere({ files, system }: Parts, state: string): readonly Left[] {
  const exists = (path: string): boolean =>
    ignoring(['EACCES', 'ELOOP'], () => files.linkStatus(path)) !== undefined;
  if (system.uid !== 0)
    return [systemStateDirectory, systemDirectory]
      .filter(exists)
      .map((subject) => ({ subject, reason: "the system's: sudo anyarch uninstall" }));
  const ofSystem =
    state !== systemStateDirectory && exists(systemStateDirectory)
      ? [
          {
            subject: systemStateDirectory,
            reason: 'another state directory: uninstall without ANYARCH_HOME, too',
          },
        ]
      : [];
  const ofUsers = usersIn(files).flatMap(({ name, uid, home }) =>
    [
      `${home}/.local/share/anyarch`,
      `${home}/.cache/anyarch`,
      `/tmp/anyarch-${uid}`,
      `/dev/shm/anyarch-${uid}`,
    ]
      .filter(exists)
      .map((subject) => ({ subject, reason: `it is ${name}'s own: as ${name}, anyarch uninstall` })),
  );
  return [...ofSystem, ...ofUsers];
}

/** passwd(5); the directories of users from other sources cannot be listed. */
function usersIn(files: Parts['files']): { name: string; uid: string; home: string }[] {
  const text = ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(files.read('/etc/passwd'))) ?? '';
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid, , , home] = line.split(':');
    return uid === undefined || uid === '0' || home?.startsWith('/') !== true || home === '/'
      ? []
      : [{ name, uid, home }];
  });
}
