import type { ByteSource } from '../../../core/byte-source.ts';

export interface FatFile {
  /** Eight and three characters, as the directory has them: `BOOTAA64.EFI`. */
  readonly name: string;
  read(length: number): Uint8Array;
}

/** Entries of a directory, and clusters of a file: what claims more is damaged. */
const maximumClusters = 4096;

/**
 * The files of a directory of a FAT file system, by short names; none where there is no such directory or no FAT.
 * Specification: "FAT: General Overview of On-Disk Format", 1.03.
 *
 * @param path names in upper case
 */
export function listFat(disk: ByteSource, start: number, path: readonly string[]): FatFile[] {
  const volume = openVolume(disk, start);
  if (volume === undefined) return [];
  let entries = volume.root();
  for (const name of path) {
    const directory = entries.find((entry) => entry.isDirectory && entry.name === name);
    if (directory === undefined) return [];
    entries = entriesOf(volume.chain(directory.cluster, maximumClusters));
  }
  return entries
    .filter(({ isDirectory }) => !isDirectory)
    .map(({ name, cluster, bytes }) => ({
      name,
      read: (length) => {
        const wanted = Math.min(length, bytes);
        return volume.chain(cluster, Math.ceil(wanted / volume.clusterBytes)).subarray(0, wanted);
      },
    }));
}

interface Entry {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly cluster: number;
  readonly bytes: number;
}

interface Volume {
  readonly clusterBytes: number;
  root(): Entry[];
  /** Content of a chain of clusters, up to so many of them. */
  chain(first: number, count: number): Uint8Array;
}

function openVolume(disk: ByteSource, start: number): Volume | undefined {
  const boot = disk.read(start, 512);
  if (boot.length < 512 || boot[510] !== 0x55 || boot[511] !== 0xaa) return undefined;
  const view = new DataView(boot.buffer, boot.byteOffset, boot.byteLength);
  const sectorBytes = view.getUint16(11, true);
  const clusterBytes = sectorBytes * view.getUint8(13);
  const reserved = view.getUint16(14, true);
  const rootBytes = view.getUint16(17, true) * 32;
  const fatSectors = view.getUint16(22, true) === 0 ? view.getUint32(36, true) : view.getUint16(22, true);
  if (![512, 1024, 2048, 4096].includes(sectorBytes) || clusterBytes === 0 || clusterBytes > 1 << 18)
    return undefined;
  const sectors = view.getUint16(19, true) === 0 ? view.getUint32(32, true) : view.getUint16(19, true);
  const rootStart = (reserved + view.getUint8(16) * fatSectors) * sectorBytes;
  const dataStart = rootStart + Math.ceil(rootBytes / sectorBytes) * sectorBytes;
  const clusters = Math.floor((sectors * sectorBytes - dataStart) / clusterBytes);
  // The number of clusters alone tells the three kinds apart.
  const bits = clusters < 4085 ? 12 : clusters < 65_525 ? 16 : 32;

  const next = (cluster: number): number => {
    const at = start + reserved * sectorBytes + Math.floor((cluster * bits) / 8);
    const [a = 0xff, b = 0xff, c = 0xff, d = 0xff] = disk.read(at, 4);
    if (bits === 12) return cluster % 2 === 0 ? a | ((b & 0x0f) << 8) : (a >> 4) | (b << 4);
    return bits === 16 ? a | (b << 8) : a | (b << 8) | (c << 16) | ((d & 0x0f) << 24);
  };
  const chain = (first: number, count: number): Uint8Array => {
    const parts: Uint8Array[] = [];
    for (
      let cluster = first;
      cluster >= 2 && cluster < clusters + 2 && parts.length < count;
      cluster = next(cluster)
    )
      parts.push(disk.read(start + dataStart + (cluster - 2) * clusterBytes, clusterBytes));
    return Buffer.concat(parts);
  };
  const root = (): Entry[] =>
    entriesOf(
      bits === 32
        ? chain(view.getUint32(44, true), maximumClusters)
        : disk.read(start + rootStart, rootBytes),
    );
  return { clusterBytes, root, chain };
}

function entriesOf(directory: Uint8Array): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + 32 <= directory.length && directory[at] !== 0; at += 32) {
    const view = new DataView(directory.buffer, directory.byteOffset + at, 32);
    const attributes = view.getUint8(11);
    // Deleted ones, parts of long names, volume labels.
    if (directory[at] === 0xe5 || (attributes & 0x08) !== 0) continue;
    const text = String.fromCharCode(...directory.subarray(at, at + 11));
    const base = text.slice(0, 8).trimEnd();
    const ending = text.slice(8).trimEnd();
    entries.push({
      name: ending === '' ? base : `${base}.${ending}`,
      isDirectory: (attributes & 0x10) !== 0,
      cluster: (view.getUint16(20, true) << 16) | view.getUint16(26, true),
      bytes: view.getUint32(28, true),
    });
  }
  return entries;
}
