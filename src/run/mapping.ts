import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import type { ProcessResult } from '../host/processes.ts';
import { ignoring } from '../host/system-error.ts';
import type { GuestRoot, Mapping } from './setup.ts';

/** One line of a uid_map or gid_map. */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** How ids of the namespace are mapped, and how the map gets written. */
export interface IdMapping {
  readonly mapping: Mapping;
  /** Needed when the parent writes the maps. */
  readonly write?: (pid: number) => void;
}

type Parts = Pick<Host, 'files' | 'processes' | 'system'>;

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
  const subordinate = subordinateRanges(host);
  if (subordinate === undefined) {
    if (ids === 'root') throw noSubordinateIds(host);
    return self;
  }
  return {
    mapping: { kind: 'parent' },
    write: (pid) => {
      writeSubordinateMaps(host, subordinate, pid);
    },
  };
}

/** Whether `root` gives the user more than one id. */
export function hasSubordinateIds(host: Parts): boolean {
  return host.system.uid === 0 || subordinateRanges(host) !== undefined;
}

function noSubordinateIds({ system, processes }: Parts): AnyarchError {
  const user = userName(processes);
  return new AnyarchError(
    'ANYARCH_SUBORDINATE_IDS',
    `the user ${user} (${system.uid}) has no ranges in /etc/subuid and /etc/subgid`,
    {
      hint: `as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${user} (ranges that nobody else has), and install the package uidmap`,
    },
  );
}

function userName(processes: Parts['processes']): string {
  return processes.run(['id', '-un'], { timeoutMs: 5000 }).stdout.trim();
}

function writeIdentityMaps({ files }: Parts, pid: number): void {
  for (const name of ['uid_map', 'gid_map']) {
    // In a container root itself may have less than all ids.
    const lines = parseIdMap(decodeUtf8(files.read(`/proc/self/${name}`)));
    const identity = lines.map(({ inside, count }) => `${inside} ${inside} ${count}\n`).join('');
    files.writeOnce(`/proc/${pid}/${name}`, asciiBytes(identity));
  }
}

interface SubordinateRanges {
  readonly uids: readonly string[];
  readonly gids: readonly string[];
}

/** The words that newuidmap(1) and newgidmap(1) take, or undefined where the user has no subordinate ids. */
function subordinateRanges({ files, system, processes }: Parts): SubordinateRanges | undefined {
  const user = userName(processes);
  const words = (path: string, own: number): readonly string[] | undefined => {
    const text = ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(files.read(path))) ?? '';
    const ranges = parseSubordinateIds(text, user, system.uid);
    return ranges.length === 0 ? undefined : mapWords(own, ranges);
  };
  const uids = words('/etc/subuid', system.uid);
  const gids = words('/etc/subgid', system.gid);
  return uids === undefined || gids === undefined ? undefined : { uids, gids };
}

function mapWords(
  own: number,
  ranges: readonly { readonly start: number; readonly count: number }[],
): string[] {
  let next = 1;
  const words = ['0', `${own}`, '1'];
  for (const { start, count } of ranges) {
    words.push(`${next}`, `${start}`, `${count}`);
    next += count;
  }
  return words;
}

function writeSubordinateMaps({ processes }: Parts, { uids, gids }: SubordinateRanges, pid: number): void {
  for (const [program, words] of [
    ['newuidmap', uids],
    ['newgidmap', gids],
  ] as const) {
    const result = processes.run([program, `${pid}`, ...words], { timeoutMs: 10_000 });
    if (result.exitCode === 0) continue;
    throw new AnyarchError(
      'ANYARCH_SUBORDINATE_IDS',
      `${program} could not map the subordinate ids: ${reasonOf(result)}`,
      {
        hint: 'install the package uidmap, and check the ranges in /etc/subuid and /etc/subgid',
        details: { command: result.command.join(' ') },
      },
    );
  }
}

function reasonOf({ stderr, startError }: ProcessResult): string {
  return stderr.trim() === '' ? (startError ?? 'no reason given') : stderr.trim();
}

/** The ranges of a user in the text of /etc/subuid or /etc/subgid. */
export function parseSubordinateIds(
  text: string,
  user: string,
  uid: number,
): { readonly start: number; readonly count: number }[] {
  return text.split('\n').flatMap((line) => {
    const [owner, start, count] = line.split(':');
    if (owner === undefined || (owner !== user && owner !== `${uid}`)) return [];
    const range = { start: Number(start), count: Number(count) };
    return Number.isSafeInteger(range.start) && Number.isSafeInteger(range.count) && range.count > 0
      ? [range]
      : [];
  });
}

/** The lines of /proc/PID/uid_map or gid_map. */
export function parseIdMap(text: string): IdRange[] {
  return text.split('\n').flatMap((line) => {
    const [inside, outside, count] = line.trim().split(/\s+/).map(Number);
    return inside === undefined || outside === undefined || count === undefined
      ? []
      : [{ inside, outside, count }];
  });
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
