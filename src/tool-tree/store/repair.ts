import { lookUpArchitecture } from '../../core/architecture.ts';
import type { Host } from '../../host/host.ts';
import type { GuestFacts } from '../guest/guest-facts.ts';
import { setsFiles, toolSetsDirectory, toolTreeDirectory } from '../places.ts';
import type { ToolGroup } from '../tool.ts';
import { withTreeLock } from './lock.ts';
import { pairingPath, readPairings, type Pairing } from './pairing.ts';
import { removeTree, settleTree } from './settle.ts';
import { renewStamps } from './renew-stamps.ts';
import { verifyTree } from './verify.ts';

/** What has to be prepared again after a repair: the guests that damaged sets served. */
export interface LostPreparation {
  readonly guest: GuestFacts;
  readonly groups: readonly ToolGroup[];
}

/**
 * Takes damaged sets out of the tree, their recipes first, and puts everything else of it right.
 *
 * @returns whom they served
 */
export async function removeDamaged(
  host: Pick<Host, 'files' | 'clock' | 'log' | 'processes'>,
  state: string,
  signal?: AbortSignal,
): Promise<LostPreparation[]> {
  return await withTreeLock(host, state, signal, () => {
    const { files } = host;
    const bad = new Set(
      verifyTree(host, state)
        .sets.filter(({ outcome }) => outcome !== 'intact')
        .map(({ set }) => set),
    );
    const lost = readPairings(files, state).filter(({ set }) => bad.has(set));
    for (const { key } of lost) files.remove(pairingPath(state, key));
    for (const set of bad) {
      // Before the files: until then nothing may execute them.
      files.remove(`${toolTreeDirectory(state)}/${set}/set.json`);
    }
    renewStamps(host, state);
    settleTree(host, state);
    for (const set of bad) {
      const directory = `${toolTreeDirectory(state)}/${set}`;
      if (files.linkStatus(directory) !== undefined) removeTree(host, state, directory);
    }
    if (bad.size > 0) files.remove(`${toolSetsDirectory(state)}/${setsFiles.requests}`);
    return Promise.resolve(preparations(lost));
  });
}

function preparations(lost: readonly Pairing[]): LostPreparation[] {
  const byGuest = new Map<string, { guest: GuestFacts; groups: Set<ToolGroup> }>();
  for (const { guest, group } of lost) {
    const architecture = lookUpArchitecture(guest.debian);
    if (architecture === undefined) continue;
    const { name, debian, distribution, suite, installed } = guest;
    const key = JSON.stringify(guest);
    const facts: GuestFacts = {
      name,
      architecture,
      debian,
      distribution,
      suite,
      installed: installed === undefined ? undefined : new Map(Object.entries(installed)),
    };
    const known = byGuest.get(key) ?? { guest: facts, groups: new Set() };
    known.groups.add(group);
    byGuest.set(key, known);
  }
  return [...byGuest.values()].map(({ guest, groups }) => ({ guest, groups: [...groups] }));
}
