import { deflateRawSync } from 'node:zlib';

const sector = 512;

/** A disk of 1 MiB with a GPT whose partition, of this type, is a FAT12 with one loader. */
export function gptDisk({
  type = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
  loader,
}: {
  readonly type?: string;
  readonly loader?: { readonly name: string; readonly machine: number };
} = {}): Buffer {
  const disk = Buffer.alloc(1 << 20);
  disk.writeUInt16LE(0xaa55, 510);
  const header = sector;
  disk.write('EFI PART', header, 'latin1');
  disk.writeBigUInt64LE(2n, header + 72);
  disk.writeUInt32LE(128, header + 80);
  disk.writeUInt32LE(128, header + 84);
  const entry = 2 * sector;
  guidBytes(type).copy(disk, entry);
  disk.writeBigUInt64LE(64n, entry + 32);
  disk.writeBigUInt64LE(1063n, entry + 40);
  if (loader !== undefined) fat12(loader.name, loader.machine).copy(disk, 64 * sector);
  return disk;
}

/** A PC's partition table with one partition. */
export function mbrDisk(type: number): Buffer {
  const disk = Buffer.alloc(1 << 20);
  disk[450] = type;
  disk.writeUInt32LE(64, 454);
  disk.writeUInt32LE(1000, 458);
  disk.writeUInt16LE(0xaa55, 510);
  return disk;
}

/** `EFI/BOOT/NAME`, a program of that machine in PE format. 1000 sectors, one sector a cluster. */
function fat12(name: string, machine: number): Buffer {
  const volume = Buffer.alloc(1000 * sector);
  volume.writeUInt16LE(sector, 11);
  volume[13] = 1;
  volume.writeUInt16LE(1, 14);
  volume[16] = 2;
  volume.writeUInt16LE(16, 17);
  volume.writeUInt16LE(1000, 19);
  volume.writeUInt16LE(3, 22);
  volume.writeUInt16LE(0xaa55, 510);
  // Clusters 2 to 4 are the last of their chains.
  Buffer.from('f8ffffffffffff0f', 'hex').copy(volume, sector);
  const root = 7 * sector;
  const cluster = (number: number): number => 8 * sector + (number - 2) * sector;
  directoryEntry('EFI', 0x10, 2, 0).copy(volume, root);
  directoryEntry('BOOT', 0x10, 3, 0).copy(volume, cluster(2));
  const [base = '', ending = ''] = name.split('.');
  directoryEntry(base.padEnd(8) + ending, 0x20, 4, 200).copy(volume, cluster(3));
  const program = cluster(4);
  volume.write('MZ', program, 'latin1');
  volume.writeUInt32LE(128, program + 60);
  volume.writeUInt32LE(0x4550, program + 128);
  volume.writeUInt16LE(machine, program + 132);
  return volume;
}

function directoryEntry(name: string, attributes: number, cluster: number, bytes: number): Buffer {
  const entry = Buffer.alloc(32);
  entry.write(name.padEnd(11), 'latin1');
  entry[11] = attributes;
  entry.writeUInt16LE(cluster, 26);
  entry.writeUInt32LE(bytes, 28);
  return entry;
}

function guidBytes(guid: string): Buffer {
  const [a = '', b = '', c = '', ...rest] = guid.split('-');
  const little = (hex: string): Buffer => Buffer.from(hex, 'hex').reverse();
  return Buffer.concat([little(a), little(b), little(c), Buffer.from(rest.join(''), 'hex')]);
}

/** qcow2 of version 3 with clusters of 64 KiB, each other one compressed. */
export function qcow2Of(disk: Buffer): Buffer {
  const clusterBytes = 1 << 16;
  const count = Math.ceil(disk.length / clusterBytes);
  const header = Buffer.alloc(clusterBytes);
  const l1 = Buffer.alloc(clusterBytes);
  const l2 = Buffer.alloc(clusterBytes);
  Buffer.from('514649fb', 'hex').copy(header);
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(BigInt(disk.length), 24);
  header.writeUInt32BE(1, 36);
  header.writeBigUInt64BE(BigInt(clusterBytes), 40);
  header.writeUInt32BE(104, 100);
  l1.writeBigUInt64BE((1n << 63n) | BigInt(2 * clusterBytes), 0);
  const parts = [header, l1, l2];
  let end = 3 * clusterBytes;
  for (let index = 0; index < count; index += 1) {
    const content = disk.subarray(index * clusterBytes, (index + 1) * clusterBytes);
    if (content.every((byte) => byte === 0)) continue;
    const compressed = index % 2 === 0 ? deflateRawSync(content) : undefined;
    const sectors = compressed === undefined ? 0 : Math.ceil(compressed.length / sector);
    const entry =
      compressed === undefined
        ? (1n << 63n) | BigInt(end)
        : (1n << 62n) | (BigInt(sectors - 1) << BigInt(62 - 8)) | BigInt(end);
    l2.writeBigUInt64BE(entry, index * 8);
    const stored = Buffer.alloc(clusterBytes);
    (compressed ?? content).copy(stored);
    parts.push(stored);
    end += clusterBytes;
  }
  return Buffer.concat(parts);
}
