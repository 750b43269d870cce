import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { fact } from '../examination.ts';

/** The user's own name by the user database, for commands; undefined where that does not know it. $USER may be unset, or another's. */
export const ownUserName = fact(({ host }): string | undefined =>
  nameOf(host, '/etc/passwd', host.system.uid),
);

export function groupName(host: Pick<Host, 'files'>, gid: number): string | undefined {
  return nameOf(host, '/etc/group', gid);
}

/** Lines of passwd(5) and group(5) have the number third. */
function nameOf({ files }: Pick<Host, 'files'>, path: string, id: number): string | undefined {
  const text = ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(files.read(path))) ?? '';
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([, , number]) => number === `${id}`)?.[0];
}
