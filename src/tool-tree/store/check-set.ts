import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { setDocumentName, type SetDocument } from './set-document.ts';

/**
 * What is wrong with a set's files: they must be those that were made, no more and no less, and of the right mode.
 *
 * @returns nothing when it is intact
 */
export function damageOf({ files }: Pick<Host, 'files'>, directory: string, set: SetDocument): string[] {
  const damage: string[] = [];
  for (const { path, size, sha256, executable } of set.files) {
    const status = files.linkStatus(`${directory}/${path}`);
    if (status === undefined) damage.push(`${path} is missing`);
    else if (status.kind !== 'file') damage.push(`${path} is no file`);
    else if (status.size !== size) damage.push(`${path} has ${status.size} bytes, not ${size}`);
    else if (status.mode !== (executable ? 0o755 : 0o644))
      damage.push(`${path} has mode ${status.mode.toString(8)}`);
    else if (files.sha256(`${directory}/${path}`) !== sha256) damage.push(`${path} has another content`);
  }
  const known = new Set([setDocumentName, ...set.files.map(({ path }) => path)]);
  for (const path of filesBelow({ files }, directory, ''))
    if (!known.has(path)) damage.push(`${path} does not belong to it`);
  return damage;
}

function filesBelow({ files }: Pick<Host, 'files'>, directory: string, prefix: string): string[] {
  const names = ignoring(['ENOENT', 'ENOTDIR'], () => files.list(`${directory}/${prefix}`)) ?? [];
  return names.flatMap((name) => {
    const path = `${prefix}${name}`;
    const isDirectory = files.linkStatus(`${directory}/${path}`)?.kind === 'directory';
    return isDirectory ? filesBelow({ files }, directory, `${path}/`) : [path];
  });
}
