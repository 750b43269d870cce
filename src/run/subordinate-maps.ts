import { AnyarchError } from '../core/error.ts';
import { freeRange, subordinateRanges } from '../core/subordinate-ids.ts';
import type { SubordinateRange } from '../core/subordinate-ids.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import type { ProcessResult } from '../host/processes.ts';
import { ignoring } from '../host/system-error.ts';
import { idMapPrograms, remedies, subordinateIdsRemedy } from '../private-table/index.ts';

type Parts = Pick<Host, 'files' | 'processes' | 'system' | 'clock'>;

/** The words that newuidmap(1) and newgidmap(1) take. */
export interface SubordinateMaps {
  readonly uids: readonly string[];
  readonly gids: readonly string[];
}

/** @returns the user's own id as root and the subordinate ids behind it, or the error for a user who has none */
export function findSubordinateMaps(
  host: Parts,
): { readonly maps: SubordinateMaps } | { readonly missing: AnyarchError } {
  const { uid, gid } = host.system;
  const user = host.processes.run(['id', '-un'], { timeoutMs: 5000 }).stdout.trim() || `${uid}`;
  const texts = ['/etc/subuid', '/etc/subgid'].map(
    (path) => ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(host.files.read(path))) ?? '',
  );
  const [uids = [], gids = []] = texts.map((text) => subordinateRanges(text, user, uid));
  if (uids.length > 0 && gids.length > 0)
    return { maps: { uids: mapWords(uid, uids), gids: mapWords(gid, gids) } };
  return {
    missing: new AnyarchError(
      'ANYARCH_SUBORDINATE_IDS',
      `the user ${user} has no range in ${uids.length === 0 ? '/etc/subuid' : '/etc/subgid'}`,
      { hint: `${subordinateIdsRemedy(user, freeRange(texts))}; ${remedies.idMapPrograms}` },
    ),
  };
}

/** Whether the user can map more ids than the own one. */
export function hasSubordinateIds(host: Parts): boolean {
  return host.system.uid === 0 || 'maps' in findSubordinateMaps(host);
}

function mapWords(own: number, ranges: readonly SubordinateRange[]): string[] {
  let next = 1;
  const words = ['0', `${own}`, '1'];
  for (const { start, count } of ranges) {
    words.push(`${next}`, `${start}`, `${count}`);
    next += count;
  }
  return words;
}

/** @throws AnyarchError ANYARCH_SUBORDINATE_IDS */
export function writeSubordinateMaps(host: Parts, { uids, gids }: SubordinateMaps, pid: number): void {
  const { processes } = host;
  for (const [program, words] of [
    ['newuidmap', uids],
    ['newgidmap', gids],
  ] as const) {
    const result = processes.run([program, `${pid}`, ...words], { timeoutMs: 10_000 });
    if (result.exitCode === 0) continue;
    const condition = idMapPrograms(host);
    throw new AnyarchError(
      'ANYARCH_SUBORDINATE_IDS',
      `${program} could not map the subordinate ids: ${reasonOf(result)}`,
      {
        hint:
          condition.holds === false
            ? `${condition.evidence}; ${condition.remedy ?? remedies.idMapProgramsPowerless}`
            : 'look at the ranges in /etc/subuid and /etc/subgid',
        details: { command: result.command.join(' ') },
      },
    );
  }
}

function reasonOf({ stderr, startError }: ProcessResult): string {
  return stderr.trim() === '' ? (startError ?? 'no reason given') : stderr.trim();
}
