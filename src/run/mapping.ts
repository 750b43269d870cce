import { parseIdMap } from '../core/id-map.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import type { GuestRoot, Mapping } from './setup.ts';
import { findSubordinateMaps, writeSubordinateMaps } from './subordinate-maps.ts';

/** How ids of the namespace are mapped, and how the map gets written. */
export interface IdMapping {
  readonly mapping: Mapping;
  /** Needed when the parent writes the maps. */
  readonly write?: (pid: number) => void;
}

type Parts = Pick<Host, 'files' | 'processes' | 'system' | 'clock'>;

/**
 * Which ids the guest has:
 * - `auto`: what its root file system calls for, as far as the user has it
 * - `root`: root and every other id that the user may hand out
 * - `keep`: the user's own ids, as outside
 */
export type GuestIds = 'auto' | 'root' | 'keep';

/**
 * Root maps every id to itself, since a root file system has files of many owners. A user maps the own id to root and,
 * for a root file system, the subordinate ids (subuid(5)) behind it; the rest does with the one id.
 *
 * @throws AnyarchError ANYARCH_SUBORDINATE_IDS for a user who has none where `root` asks for all
 */
export function chooseMapping(host: Parts, root: GuestRoot, ids: GuestIds = 'auto'): IdMapping {
  const { uid, gid } = host.system;
  const self: IdMapping = { mapping: { kind: 'self', uid, gid } };
  if (root.kind === 'ephemeral' && ids !== 'root') return self;
  if (uid === 0)
    return {
      mapping: { kind: 'parent' },
      write: (pid) => {
        writeIdentityMaps(host, pid);
      },
    };
  if (root.kind !== 'directory' && ids !== 'root') return self;
  const subordinate = findSubordinateMaps(host);
  if ('maps' in subordinate)
    return {
      mapping: { kind: 'parent' },
      write: (pid) => {
        writeSubordinateMaps(host, subordinate.maps, pid);
      },
    };
  if (ids === 'root') throw subordinate.missing;
  return self;
}

function writeIdentityMaps({ files }: Parts, pid: number): void {
  for (const name of ['uid_map', 'gid_map']) {
    // In a container root itself may have less than all ids.
    const lines = parseIdMap(decodeUtf8(files.read(`/proc/self/${name}`)));
    const identity = lines.map(({ inside, count }) => `${inside} ${inside} ${count}\n`).join('');
    files.writeOnce(`/proc/${pid}/${name}`, asciiBytes(identity));
  }
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
