import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import type { TreeStatus } from './report.ts';

const unseen = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'];

/** Of what containers see; `anyarch accelerate list` tells what the sets are, `verify` whether they are as they were made. */
export function treeStatus({ files }: Pick<Host, 'files'>, path: string): TreeStatus {
  const names = (directory: string): string[] => ignoring(unseen, () => files.list(directory)) ?? [];
  const sets = names(path).filter((name) => /^[a-z2-7]{6}$/.test(name));
  const bytes = sets.reduce((sum, set) => sum + sizeOf(files, `${path}/${set}`), 0);
  const present = ignoring(unseen, () => files.status(`${path}/r`))?.kind === 'directory';
  return { path, present, sets: sets.length, recipes: names(`${path}/r`).length, bytes };
}

function sizeOf(files: Host['files'], path: string): number {
  const status = ignoring(unseen, () => files.linkStatus(path));
  if (status?.kind === 'file') return status.size;
  if (status?.kind !== 'directory') return 0;
  const names = ignoring(unseen, () => files.list(path)) ?? [];
  return names.reduce((sum, name) => sum + sizeOf(files, `${path}/${name}`), 0);
}
