import type { ByteSource } from '../../../core/byte-source.ts';
import { invalidDisk, redownload, type Qcow2Header } from './header.ts';

/** Where a cluster of the guest's disk is. */
export type Cluster =
  | { readonly kind: 'zero' }
  | { readonly kind: 'data'; readonly offset: number }
  /** `bytes`: up to the end of the last sector; the stream may end before. */
  | { readonly kind: 'compressed'; readonly offset: number; readonly bytes: number };

const offsetBits = 0x00ff_ffff_ffff_fe00n;

/** Finds clusters through the two levels of tables. The last table of the second level is kept. */
export function clusterFinder(
  file: ByteSource,
  header: Qcow2Header,
  name: string,
): (index: number) => Cluster {
  const clusterBytes = 2 ** header.clusterBits;
  const entryBytes = header.hasExtendedEntries ? 16 : 8;
  const perTable = clusterBytes / entryBytes;
  const read = (offset: number, length: number): DataView => {
    const bytes = file.read(offset, length);
    if (bytes.length < length) throw truncated(name, offset + length, file.size);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  const first = read(header.l1Offset, header.l1Entries * 8);
  let kept: { readonly offset: number; readonly table: DataView } | undefined;
  return (index) => {
    const offset = Number(first.getBigUint64(Math.floor(index / perTable) * 8) & offsetBits);
    if (offset === 0) return { kind: 'zero' };
    if (kept?.offset !== offset) kept = { offset, table: read(offset, clusterBytes) };
    return decodeEntry(kept.table.getBigUint64((index % perTable) * entryBytes), header);
  };
}

function decodeEntry(entry: bigint, { clusterBits, hasExtendedEntries }: Qcow2Header): Cluster {
  if ((entry & (1n << 62n)) !== 0n) {
    const shift = BigInt(62 - (clusterBits - 8));
    const offset = Number(entry & ((1n << shift) - 1n));
    const sectors = Number((entry & ((1n << 62n) - 1n)) >> shift) + 1;
    return { kind: 'compressed', offset, bytes: sectors * 512 - (offset % 512) };
  }
  const offset = Number(entry & offsetBits);
  const isZero = offset === 0 || (!hasExtendedEntries && (entry & 1n) !== 0n);
  return isZero ? { kind: 'zero' } : { kind: 'data', offset };
}

/** @throws AnyarchError ANYARCH_DISK_INVALID where a cluster lies behind the file's end, as after a broken download */
export function checkClusters(file: ByteSource, header: Qcow2Header, name: string): void {
  const find = clusterFinder(file, header, name);
  const clusterBytes = 2 ** header.clusterBits;
  const perTable = clusterBytes / (header.hasExtendedEntries ? 16 : 8);
  const count = Math.ceil(header.bytes / clusterBytes);
  const first = file.read(header.l1Offset, header.l1Entries * 8);
  const tables = new DataView(first.buffer, first.byteOffset, first.byteLength);
  for (let table = 0; table * perTable < count; table += 1) {
    if (first.length < (table + 1) * 8)
      throw truncated(name, header.l1Offset + header.l1Entries * 8, file.size);
    // Disks are mostly empty: a hole of 512 MiB is one entry.
    if ((tables.getBigUint64(table * 8) & offsetBits) === 0n) continue;
    for (let index = table * perTable; index < Math.min((table + 1) * perTable, count); index += 1) {
      const cluster = find(index);
      if (cluster.kind === 'zero') continue;
      // The last sector of what is compressed, and the last cluster, may be cut where the file ends.
      const least = cluster.kind === 'data' ? 512 : 1;
      if (cluster.offset + least > file.size) throw truncated(name, cluster.offset + least, file.size);
      if (cluster.kind === 'data' && cluster.offset % clusterBytes !== 0)
        throw invalidDisk(name, 'a cluster of it is not where clusters begin', redownload);
    }
  }
}

function truncated(name: string, wanted: number, size: number) {
  return invalidDisk(
    name,
    `it is cut off: it has ${size} bytes, and data are expected up to ${wanted}`,
    redownload,
  );
}
