import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';

const unseen = ['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'];

/** That all files below take, as far as they can be seen. */
export function treeBytes(files: Pick<Files, 'linkStatus' | 'list'>, path: string): number {
  const status = ignoring(unseen, () => files.linkStatus(path));
  if (status?.kind !== 'directory') return status?.allocatedBytes ?? status?.size ?? 0;
  const names = ignoring(unseen, () => files.list(path)) ?? [];
  return names.reduce((sum, name) => sum + treeBytes(files, `${path}/${name}`), 0);
}
