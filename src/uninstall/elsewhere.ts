import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { systemStateDirectory } from '../host/state-directory.ts';
import { ignoring } from '../host/system-error.ts';
import type { Left } from './report.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** What is anyarch's, but not this command's to remove: other users', and that of another ANYARCH_HOME. */
export function elsewhere({ files, system }: Parts, state: string): readonly Left[] {
  const exists = (path: string): boolean =>
    ignoring(['EACCES', 'ELOOP'], () => files.linkStatus(path)) !== undefined;
  const ofSystem =
    state !== systemStateDirectory && exists(systemStateDirectory)
      ? [
          {
            subject: systemStateDirectory,
            reason:
              system.uid === 0
                ? 'another state directory: uninstall without ANYARCH_HOME, too'
                : "the system's: sudo anyarch uninstall",
          },
        ]
      : [];
  if (system.uid !== 0) return ofSystem;
  const ofUsers = usersIn(files).flatMap(({ name, home }) =>
    [`${home}/.local/share/anyarch`, `${home}/.cache/anyarch`]
      .filter(exists)
      .map((subject) => ({ subject, reason: `it is ${name}'s own: as ${name}, anyarch uninstall` })),
  );
  return [...ofSystem, ...ofUsers];
}

/** passwd(5); the directories of users from other sources cannot be listed. */
function usersIn(files: Parts['files']): { name: string; home: string }[] {
  const text = ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(files.read('/etc/passwd'))) ?? '';
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid, , , home] = line.split(':');
    return uid === undefined || uid === '0' || home?.startsWith('/') !== true || home === '/'
      ? []
      : [{ name, home }];
  });
}
