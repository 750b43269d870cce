import { randomBytes } from 'node:crypto';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { SystemError, ignoring } from '../../host/system-error.ts';
import { isAbandoned, ownToken } from '../../store/index.ts';
import type { OwnGroup } from './own-groups.ts';
import type { Setting } from './settings.ts';

type Parts = Pick<Host, 'files' | 'system' | 'clock' | 'log'>;

const prefix = 'anyarch-run-';

/** The controllers that a new group in this hierarchy can have. */
export function availableControllers({ files }: Pick<Host, 'files'>, own: OwnGroup): readonly string[] {
  if (own.version === 1) return own.controllers;
  const path = `${parentOf(own)}/cgroup.controllers`;
  return (
    ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(files.read(path)))
      ?.trim()
      .split(' ') ?? []
  );
}

/**
 * Makes a group with these settings.
 *
 * @returns its directory, or why it cannot be made
 */
export function makeGroup(
  host: Parts,
  own: OwnGroup,
  settings: readonly Setting[],
): { readonly directory: string } | { readonly reason: string } {
  const parent = parentOf(own);
  try {
    if (own.version === 2) enableControllers(host, parent, settings);
    removeForgotten(host, parent);
    return { directory: fillGroup(host, `${parent}/${newName()}`, settings) };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { reason: error.message };
  }
}

/** Not of the pid alone: control groups are seen from other pid namespaces, too, and two runs must not share one. */
function newName(): string {
  return `${prefix}${ownToken()}.${randomBytes(6).toString('hex')}`;
}

/**
 * Below the own group. Version 2 allows that only at the root, since elsewhere a group has processes or groups with
 * controllers, never both: beside the own one then.
 */
function parentOf({ version, mount, directory }: OwnGroup): string {
  if (version === 1 || directory === mount) return directory;
  return directory.slice(0, directory.lastIndexOf('/'));
}

/** Only in a group that the user was given: the host's own are not ours to change. */
function enableControllers({ files, system }: Parts, parent: string, settings: readonly Setting[]): void {
  const path = `${parent}/cgroup.subtree_control`;
  const enabled = decodeUtf8(files.read(path)).trim().split(' ');
  const missing = settings.map(({ controller }) => controller).filter((name) => !enabled.includes(name));
  if (missing.length === 0) return;
  if (system.uid === 0 || files.status(parent)?.uid !== system.uid)
    throw new SystemError('EPERM', `enable ${missing.join(', ')}`, path);
  files.writeOnce(path, encodeUtf8(missing.map((name) => `+${name}`).join(' ')));
}

function fillGroup({ files }: Parts, directory: string, settings: readonly Setting[]): string {
  if (files.status(directory) !== undefined) throw new SystemError('EEXIST', 'mkdir', directory);
  files.makeDirectory(directory);
  try {
    for (const { file, text } of settings) files.writeOnce(`${directory}/${file}`, encodeUtf8(text));
    return directory;
  } catch (error) {
    ignoring(['ENOENT', 'EBUSY'], () => {
      files.removeDirectory(directory);
    });
    throw error;
  }
}

/** Groups of runs that were killed. One that has just been made has no process yet, and could be removed. */
function removeForgotten({ files, clock }: Parts, parent: string): void {
  for (const name of files.list(parent)) {
    if (!name.startsWith(prefix)) continue;
    const [owner = ''] = name.slice(prefix.length).split('.');
    const modifiedMs = files.status(`${parent}/${name}`)?.modifiedMs;
    if (modifiedMs === undefined || !isAbandoned(owner, modifiedMs, clock.now())) continue;
    // Another one may be quicker, and in another pid namespace its guest may still be alive.
    ignoring(['ENOENT', 'EBUSY', 'EACCES', 'EPERM'], () => {
      files.removeDirectory(`${parent}/${name}`);
    });
  }
}

/** The guest's last processes may still be on their way out. */
export function removeGroup({ files, clock, log }: Parts, directory: string): void {
  for (let attempt = 0; ; attempt += 1) {
    try {
      files.removeDirectory(directory);
      return;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if (error.errno === 'ENOENT') return;
      if (error.errno !== 'EBUSY' || attempt === 50) {
        log.debug(`the control group ${directory} stays: ${error.message}`);
        return;
      }
      clock.sleep(5);
    }
  }
}
