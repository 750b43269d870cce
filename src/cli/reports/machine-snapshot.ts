import type { SnapshotDocument } from '../../machine/index.ts';
import type { Style } from '../style.ts';
import { formatColumns, headRow } from '../table.ts';

/** For `--json`. */
export function snapshotFacts({ name, createdMs, diskBytes, layer, memory }: SnapshotDocument): object {
  return {
    name,
    createdAt: new Date(createdMs).toISOString(),
    diskBytes,
    layer,
    ...(memory === undefined ? {} : { memory: { qemu: memory.qemu.version, bytes: memory.bytes } }),
  };
}

export function formatSnapshots(
  machine: string,
  snapshots: readonly SnapshotDocument[],
  style: Style,
): string {
  if (snapshots.length === 0)
    return `${machine} has no snapshots. Next: anyarch machine snapshot save ${machine} NAME\n`;
  const rows = snapshots.map(({ name, createdMs, memory }) => [
    name,
    new Date(createdMs).toISOString().slice(0, 16).replace('T', ' '),
    memory === undefined ? 'disk' : 'disk and memory',
    memory === undefined ? '' : `QEMU ${memory.qemu.version}`,
  ]);
  return formatColumns([headRow(style.bold, ['SNAPSHOT', 'MADE (UTC)', 'WITH', 'FOR']), ...rows]);
}

export function formatSavedSnapshot(
  machine: string,
  { name, memory }: SnapshotDocument,
  tookMs: number,
): string {
  const what = memory === undefined ? 'its disk' : 'its disk and its memory';
  return `kept ${machine} with ${what} as ${name}, in ${(tookMs / 1000).toFixed(1)} s
back to it: anyarch machine stop ${machine} --force; anyarch machine snapshot restore ${machine} ${name}
another machine from it: anyarch machine create NAME --from ${machine}@${name}
`;
}
