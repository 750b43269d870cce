import type { Examination } from '../../examination.ts';
import { groupName, ownUserName } from '../../facts/account-names.ts';
import type { Remedy } from '../../verdict.ts';

/** Undefined where joining changes nothing: the file is of root's group, or its group may not open it. @param path of a device or socket */
export function joinGroup(examination: Examination, path: string, does: string): Remedy | undefined {
  const { host } = examination;
  const status = host.files.status(path);
  const user = ownUserName(examination);
  if (status === undefined || user === undefined || status.gid === 0) return undefined;
  const group = groupName(host, status.gid);
  const mayOpen = (status.mode & 0o060) === 0o060;
  return group === undefined || !mayOpen
    ? undefined
    : { does, command: ['usermod', '-aG', group, user], by: 'user', needsRoot: true };
}
