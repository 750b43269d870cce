import type { ByteSource } from '../../../core/byte-source.ts';
import { decodeUtf8 } from '../../../core/text.ts';

export interface Partition {
  /** GPT: the type's GUID in upper case. MBR: two hexadecimal digits. */
  readonly type: string;
  /** Bytes. */
  readonly start: number;
  readonly bytes: number;
}

const sectorBytes = 512;
/** More are never made, and a table that claims them is not read. */
const maximumEntries = 256;

/** The partitions of a disk with 512-byte sectors; none where there is no table. Sizes are those of the table. */
export function readPartitions(disk: ByteSource): Partition[] {
  const header = disk.read(sectorBytes, 92);
  if (header.length === 92 && decodeUtf8(header.subarray(0, 8)) === 'EFI PART') return readGpt(disk, header);
  return readMbr(disk.read(0, sectorBytes));
}

/** UEFI specification, 5.3. */
function readGpt(disk: ByteSource, header: Uint8Array): Partition[] {
  const view = viewOf(header);
  const entries = Number(view.getBigUint64(72, true)) * sectorBytes;
  const count = Math.min(view.getUint32(80, true), maximumEntries);
  const entryBytes = view.getUint32(84, true);
  if (entryBytes < 128 || entryBytes > 4096 || !Number.isSafeInteger(entries)) return [];
  const table = disk.read(entries, count * entryBytes);
  const partitions: Partition[] = [];
  for (let at = 0; at + 128 <= table.length; at += entryBytes) {
    const entry = viewOf(table.subarray(at, at + 128));
    const first = Number(entry.getBigUint64(32, true));
    const last = Number(entry.getBigUint64(40, true));
    const type = guid(entry);
    if (/[1-9A-F]/.test(type) && last >= first)
      partitions.push({ type, start: first * sectorBytes, bytes: (last - first + 1) * sectorBytes });
  }
  return partitions;
}

/** The first three parts are little-endian. */
function guid(entry: DataView): string {
  const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, '0');
  return [
    hex(entry.getUint32(0, true), 8),
    hex(entry.getUint16(4, true), 4),
    hex(entry.getUint16(6, true), 4),
    hex(entry.getUint16(8), 4),
    hex((BigInt(entry.getUint16(10)) << 32n) | BigInt(entry.getUint32(12)), 12),
  ]
    .join('-')
    .toUpperCase();
}

function readMbr(sector: Uint8Array): Partition[] {
  if (sector.length < sectorBytes || sector[510] !== 0x55 || sector[511] !== 0xaa) return [];
  const view = viewOf(sector);
  return [446, 462, 478, 494].flatMap((at) => {
    const type = view.getUint8(at + 4);
    const bytes = view.getUint32(at + 12, true) * sectorBytes;
    if (type === 0 || bytes === 0) return [];
    const start = view.getUint32(at + 8, true) * sectorBytes;
    return [{ type: type.toString(16).padStart(2, '0').toUpperCase(), start, bytes }];
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
