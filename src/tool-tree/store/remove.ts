import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { setsFiles, toolSetsDirectory, toolTreeDirectory } from '../places.ts';
import type { ToolGroup } from '../tool.ts';
import { listTools, type ListedSet } from './list.ts';
import { withTreeLock } from './lock.ts';
import { pairingPath, readPairings } from './pairing.ts';
import { settleTree } from './settle.ts';

export interface RemovedSet {
  readonly set: string;
  readonly group: ToolGroup | undefined;
  /** Bytes. */
  readonly bytes: number;
}

export interface RemoveOptions {
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes sets: their recipes first, so that nothing new is started from them; what runs keeps its files open.
 *
 * @param names sets or groups, or `all`: everything, also what is damaged
 * @throws AnyarchError ANYARCH_SET_NOT_FOUND before anything was removed; ANYARCH_LOCKED, ANYARCH_PERMISSION, ANYARCH_CANCELLED
 */
export async function removeTools(
  host: Pick<Host, 'files' | 'clock' | 'log' | 'processes'>,
  state: string,
  names: readonly string[],
  { dryRun, signal }: RemoveOptions = {},
): Promise<RemovedSet[]> {
  const { files } = host;
  if (
    files.linkStatus(toolSetsDirectory(state)) === undefined &&
    files.linkStatus(toolTreeDirectory(state)) === undefined
  )
    return names.includes('all') ? [] : refuse(names[0] ?? '', []);
  if (dryRun === true) return chosen(host, state, names);
  return await withTreeLock(host, state, signal, () => {
    const removed = chosen(host, state, names);
    const going = new Set(removed.map(({ set }) => set));
    for (const { key, set } of readPairings(files, state))
      if (going.has(set)) files.remove(pairingPath(state, key));
    if (names.includes('all'))
      for (const name of [setsFiles.pairings, setsFiles.requests, setsFiles.stamps])
        files.remove(`${toolSetsDirectory(state)}/${name}`);
    settleTree(host, state);
    return Promise.resolve(removed);
  });
}

function chosen(host: Pick<Host, 'files'>, state: string, names: readonly string[]): RemovedSet[] {
  const listed = listTools(host, state);
  const damaged = readPairings(host.files, state)
    .filter(({ set }) => !listed.some((one) => one.set === set))
    .map(({ set, group }): RemovedSet => ({ set, group, bytes: 0 }));
  const known: RemovedSet[] = [...listed.map(({ set, group, bytes }) => ({ set, group, bytes })), ...damaged];
  if (names.includes('all')) return known;
  for (const name of names)
    if (!known.some(({ set, group }) => set === name || group === name)) refuse(name, listed);
  return known.filter(({ set, group }) => names.some((name) => name === set || name === group));
}

function refuse(name: string, listed: readonly ListedSet[]): never {
  throw new AnyarchError('ANYARCH_SET_NOT_FOUND', `no tool set is called ${name}`, {
    hint:
      listed.length === 0
        ? 'there is none'
        : `there is ${listed.map(({ set, group }) => `${set} (${group})`).join(', ')}; "all" removes every one`,
    details: { name },
  });
}
