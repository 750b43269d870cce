import { overlaps, ownedRanges, type OwnedRange } from '../../../core/subordinate-ids.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { subordinateIds } from '../../facts/subordinate-ids.ts';
import type { Remedy, Verdict } from '../../verdict.ts';

export const subordinateIdsOverlap = defineCheck({
  id: 'subordinate-ids-overlap',
  question: 'Does every subordinate id belong to one user, once?',
  severity: 'error',
  explanation:
    'Ranges in /etc/subuid or /etc/subgid that overlap: of one user, the kernel refuses the map ("newuidmap: write to uid_map failed: Invalid argument"); of two users, the one can read and kill what the other has in containers.',
  remedy: 'as root: usermod --del-subuids FIRST-LAST USER (--del-subgids for groups)',
  symptoms: ['ids-not-mapped'],
  references: ['https://man7.org/linux/man-pages/man5/subuid.5.html'],
  examine: (examination) => {
    const { texts } = subordinateIds(examination);
    const found = Object.entries(texts).flatMap(([path, text]) =>
      overlaps(ownedRanges(text)).map(([first, second]) => ({ path, first, second })),
    );
    return verdictOn(examination, found);
  },
});

interface Overlap {
  readonly path: string;
  readonly first: OwnedRange;
  readonly second: OwnedRange;
}

function verdictOn(examination: Examination, found: readonly Overlap[]): Verdict {
  const own = found.filter((one) => isOfOneUser(one) && isOfAsking(one, examination));
  const [worst] = [...own, ...found];
  if (worst === undefined)
    return { status: 'ok', evidence: ['no ranges overlap in /etc/subuid and /etc/subgid'] };
  const { path, first, second } = worst;
  const isOwn = own.includes(worst);
  const isAsked = isAskedAbout(examination, ['ids-not-mapped']);
  return {
    status: 'fault',
    severity: isOwn ? (isAsked ? 'error' : 'warning') : 'note',
    certainty: isOwn ? 'likely' : 'possible',
    summary: isOfOneUser(worst)
      ? `ranges of ${first.owner} in ${path} overlap, which the kernel refuses to map`
      : `${first.owner} and ${second.owner} share ids in ${path}`,
    evidence: found.map((one) => `${one.path}: ${shown(one.first)} and ${shown(one.second)}`),
    remedies: [deletion(worst)],
  };
}

function isOfOneUser({ first, second }: Overlap): boolean {
  return first.owner === second.owner;
}

function isOfAsking({ first: { owner } }: Overlap, examination: Examination): boolean {
  const { uid } = examination.host.system;
  return uid === 0 || owner === `${uid}` || owner === subordinateIds(examination).user;
}

/** Of the smaller one: the other holds its ids, or most of them. */
function deletion({ path, first, second }: Overlap): Remedy {
  const { owner, start, count } = second.count <= first.count ? second : first;
  return {
    does: 'take the smaller range away',
    command: [
      'usermod',
      path === '/etc/subuid' ? '--del-subuids' : '--del-subgids',
      `${start}-${start + count - 1}`,
      owner,
    ],
    by: 'user',
    needsRoot: true,
  };
}

function shown({ owner, start, count }: OwnedRange): string {
  return `${owner}:${start}:${count}`;
}
