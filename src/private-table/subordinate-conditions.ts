import { freeRange, subordinateRanges } from '../core/subordinate-ids.ts';
import type { SubordinateRange } from '../core/subordinate-ids.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { idMapPrograms } from './id-map-programs.ts';
import type { Condition, ConditionHost } from './condition.ts';
import { subordinateIdsRemedy } from './remedies.ts';

/** Images have owners up to `nobody`, which is 65534. */
const usualIds = 65_535;

const kinds = [
  { kind: 'user', path: '/etc/subuid', map: '/proc/self/uid_map', option: [] },
  { kind: 'group', path: '/etc/subgid', map: '/proc/self/gid_map', option: ['-g'] },
] as const;

/** Whether the user can map more ids than the own one. Root needs nobody's help for that. */
export function subordinateConditions(host: ConditionHost): readonly Condition[] {
  if (host.system.uid === 0) return [];
  const user = host.processes.run(['id', '-un'], { timeoutMs: 5000 }).stdout.trim() || `${host.system.uid}`;
  const texts = kinds.map(({ path }) => textOf(host, path));
  const found = kinds.map((one, index) => ({
    ...one,
    ranges: rangesOf(host, one, texts[index] ?? '', user),
  }));
  const remedy = subordinateIdsRemedy(user, freeRange(texts));
  const missing = found.filter(({ ranges }) => ranges.length === 0);
  const has = missing.length === 0;
  const lists = found.map(({ path, ranges }) => `${path}: ${listed(ranges)}`).join('; ');
  const subordinate: Condition = {
    id: 'subordinate-ids',
    holds: has,
    evidence: has
      ? lists
      : `${user} has no range in ${missing.map(({ path }) => path).join(' and ')}, so that only one id can be mapped`,
    ...(has ? {} : { remedy }),
  };
  if (!has) return [idMapPrograms(host), subordinate];
  const most = Math.min(...found.map(({ ranges }) => ranges.reduce((sum, { count }) => sum + count, 0)));
  return [
    idMapPrograms(host),
    subordinate,
    mappedCondition(host, found),
    {
      id: 'enough-ids',
      holds: most >= usualIds,
      evidence: `${most} subordinate ids; images have files of up to ${usualIds}`,
      ...(most >= usualIds ? {} : { remedy }),
    },
  ];
}

function rangesOf(
  { system, processes }: ConditionHost,
  { option }: (typeof kinds)[number],
  text: string,
  user: string,
): SubordinateRange[] {
  const local = subordinateRanges(text, user, system.uid);
  if (local.length > 0) return local;
  // They may come from a directory service (nsswitch.conf, "subid"): this one knows. Lines of "0: USER START COUNT".
  const { stdout } = processes.run(['getsubids', ...option, user], { timeoutMs: 5000 });
  return [...stdout.matchAll(/^\d+: \S+ (\d+) (\d+)$/gm)].map(([, start, count]) => ({
    start: Number(start),
    count: Number(count),
  }));
}

/** In a container, ids that are not mapped there cannot be mapped on. */
function mappedCondition(
  host: ConditionHost,
  found: readonly {
    readonly kind: string;
    readonly map: string;
    readonly ranges: readonly SubordinateRange[];
  }[],
): Condition {
  const id = 'mapped-ids';
  for (const { kind, map, ranges } of found) {
    const mapped = [...textOf(host, map).matchAll(/^\s*(\d+)\s+\d+\s+(\d+)\s*$/gm)].map(
      ([, start, count]): SubordinateRange => ({ start: Number(start), count: Number(count) }),
    );
    const outside = ranges.find((range) => !mapped.some((one) => contains(one, range)));
    if (mapped.length === 0 || outside === undefined) continue;
    return {
      id,
      holds: false,
      evidence: `the subordinate ${kind} ids ${listed([outside])} do not exist in this user namespace, which has ${listed(mapped)}`,
      remedy:
        'give the user a range that the container has (in its /etc/subuid and /etc/subgid), or the container more ids',
    };
  }
  return { id, holds: true, evidence: 'the subordinate ids exist in this user namespace' };
}

function contains(outer: SubordinateRange, { start, count }: SubordinateRange): boolean {
  return outer.start <= start && start + count <= outer.start + outer.count;
}

function listed(ranges: readonly SubordinateRange[]): string {
  return ranges.map(({ start, count }) => `${start}-${start + count - 1}`).join(', ');
}

/** Empty where there is none. */
function textOf({ files }: Pick<Host, 'files'>, path: string): string {
  return ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => decodeUtf8(files.read(path))) ?? '';
}
