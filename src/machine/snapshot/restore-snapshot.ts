import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import { createDisk, tidyLayers, type LayerHost } from '../layers/index.ts';
import type { MachinePlaces } from '../places.ts';
import { diskStamp } from '../state/disk-stamp.ts';
import type { StateDocument } from '../state/document.ts';
import { statePlaces } from '../state/places.ts';
import { dropState } from '../state/resume-state.ts';
import { writeJson } from '../state/save-state.ts';
import { copyOver, linkOrCopy } from './copy-file.ts';
import type { SnapshotDocument } from './document.ts';
import { snapshotPlaces, type SnapshotContent } from './places.ts';

/**
 * Puts a stopped machine back to what it was when a snapshot was made; its next start goes on with the memory that was
 * kept. What it has written since is lost unless it is in another snapshot. To be called with the machine's lock.
 *
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE, ANYARCH_DISK_INVALID
 */
export function restoreSnapshot(
  host: LayerHost,
  places: MachinePlaces,
  snapshot: SnapshotDocument,
  { imageTool }: { readonly imageTool: readonly string[] },
): void {
  dropState(host, places);
  putInto(host, places, snapshot, { imageTool, from: snapshotPlaces(places, snapshot.name) });
  tidyLayers(host);
}

/**
 * Makes a machine's disk, variables and state of a snapshot, which may be another machine's.
 *
 * @param places of a machine without a state
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE, ANYARCH_DISK_INVALID
 */
export function putInto(
  host: LayerHost,
  places: Pick<MachinePlaces, 'disk' | 'variables' | 'state'>,
  { layer, diskBytes, memory }: SnapshotDocument,
  { imageTool, from }: { readonly imageTool: readonly string[]; readonly from: SnapshotContent },
): void {
  const { files } = host;
  try {
    createDisk(host, places, { imageTool, backing: { file: layer, format: 'qcow2' }, bytes: diskBytes });
    if (files.status(from.variables) !== undefined) copyOver(files, from.variables, places.variables);
    if (memory === undefined) return;
    const state = statePlaces(places);
    const document: StateDocument = {
      schema: 'anyarch/machine-state/1',
      memory,
      disk: diskStamp(files, places),
    };
    files.remove(state.unfinished);
    files.makeDirectory(state.unfinished, 0o700);
    linkOrCopy(from.memory, `${state.unfinished}/memory`);
    writeJson(files, `${state.unfinished}/state.json`, document);
    files.rename(state.unfinished, state.directory);
  } catch (error) {
    throw fileFailure(error, places.state);
  }
}

/** @throws AnyarchError ANYARCH_PERMISSION, ANYARCH_FILE */
export function removeSnapshot(
  host: Pick<Host, 'files' | 'clock' | 'log' | 'system'>,
  places: MachinePlaces,
  name: string,
): void {
  const place = snapshotPlaces(places, name);
  try {
    host.files.remove(place.unfinished);
    // By one rename, so that no half of it is ever taken for a snapshot.
    host.files.rename(place.directory, place.unfinished);
    host.files.remove(`${place.unfinished}/snapshot.json`);
    host.files.remove(place.unfinished);
  } catch (error) {
    throw fileFailure(error, place.directory);
  }
  tidyLayers(host);
}
