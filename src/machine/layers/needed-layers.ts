import { posix } from 'node:path';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { machinePlaces, machinesDirectory } from '../places.ts';
import { snapshotLayer } from '../snapshot/document.ts';
import { backingFile } from './backing-file.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** Names of the files that a disk is made of, the top one first; by name only, because a directory may be called in several ways. */
export function layerChain({ files }: Pick<Host, 'files'>, top: string): string[] {
  const names: string[] = [];
  for (let file: string | undefined = top; file !== undefined;) {
    const of: string = file;
    const name = posix.basename(of);
    if (names.includes(name)) break;
    names.push(name);
    file = ignoring(['ENOENT', 'ENOTDIR'], () => backingFile(files, of));
  }
  return names;
}

/**
 * Files that machines' links and snapshots name, unfinished ones too.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID when a snapshot does not tell
 */
export function namedLayers({ files, system }: Parts): string[] {
  const names = ignoring(['ENOENT'], () => files.list(machinesDirectory(system))) ?? [];
  return names.flatMap((name) => {
    const places = machinePlaces(system, name);
    const disk = ignoring(['ENOENT', 'EINVAL', 'ENOTDIR'], () => files.readLink(places.disk));
    const kept = ignoring(['ENOENT', 'ENOTDIR'], () => files.list(places.snapshots)) ?? [];
    const frozen = kept.map((snapshot) => snapshotLayer(files, `${places.snapshots}/${snapshot}`));
    return [disk, ...frozen].filter((file) => file !== undefined);
  });
}

/** Names of the files that are needed, directly or through what lies over them. @throws as `namedLayers` */
export function neededLayers(host: Parts): ReadonlySet<string> {
  return new Set(namedLayers(host).flatMap((file) => layerChain(host, file)));
}
