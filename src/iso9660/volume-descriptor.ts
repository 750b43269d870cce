import { encodeUtf8 } from '../core/text.ts';
import { rootRecord, type Extent } from './directory.ts';
import { utf16 } from './names.ts';
import { bothEndian16, bothEndian32, volumeTime } from './numbers.ts';
import type { Flavour } from './plan.ts';
import { sectorBytes } from './sector.ts';

export interface VolumeLayout {
  readonly volumeId: string;
  readonly modifiedMs: number;
  /** Of the whole volume. */
  readonly sectors: number;
  readonly root: Extent;
  /** Bytes of each path table. */
  readonly tableBytes: number;
  /** Sectors of the path tables. */
  readonly littleEndianTable: number;
  readonly bigEndianTable: number;
}

/** ECMA-119, 8.4 and 8.5; Joliet's is a supplementary one with names of 16-bit characters. */
export function writeDescriptor(layout: VolumeLayout, flavour: Flavour): Uint8Array {
  const isJoliet = flavour === 'joliet';
  const sector = identified(isJoliet ? 2 : 1);
  const view = new DataView(sector.buffer);
  const put = (offset: number, bytes: Uint8Array): void => {
    sector.set(bytes, offset);
  };
  const text = (offset: number, length: number, value = ''): void => {
    const filled = isJoliet
      ? utf16(value.padEnd(Math.floor(length / 2), ' '))
      : encodeUtf8(value.padEnd(length, ' '));
    put(offset, filled);
  };
  const table = isJoliet ? Uint8Array.of(0x25, 0x2f, 0x45) : new Uint8Array();

  text(8, 32);
  text(40, 32, layout.volumeId);
  put(80, bothEndian32(layout.sectors));
  // `%/E`: UCS-2 level 3.
  put(88, table);
  put(120, bothEndian16(1));
  put(124, bothEndian16(1));
  put(128, bothEndian16(sectorBytes));
  put(132, bothEndian32(layout.tableBytes));
  view.setUint32(140, layout.littleEndianTable, true);
  view.setUint32(148, layout.bigEndianTable, false);
  put(156, rootRecord(layout.root, layout.modifiedMs));
  text(190, 128);
  text(318, 128);
  text(446, 128);
  text(574, 128, 'ANYARCH');
  text(702, 37);
  text(739, 37);
  text(776, 37);
  put(813, volumeTime(layout.modifiedMs));
  put(830, volumeTime(layout.modifiedMs));
  put(847, noTime);
  put(864, noTime);
  view.setUint8(881, 1);
  return sector;
}

export function writeTerminator(): Uint8Array {
  return identified(255);
}

/** Never expires, always effective. */
const noTime = Uint8Array.of(...new Array<number>(16).fill(0x30), 0);

function identified(type: number): Uint8Array {
  const sector = new Uint8Array(sectorBytes);
  sector[0] = type;
  sector.set(encodeUtf8('CD001'), 1);
  sector[6] = 1;
  return sector;
}
