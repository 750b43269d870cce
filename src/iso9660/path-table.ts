import { padded } from './sector.ts';

/** ECMA-119, 9.4, for a volume with nothing but its root directory. Bytes. */
export const pathTableBytes = 10;

export function writePathTable(rootSector: number, order: 'little' | 'big'): Uint8Array {
  const bytes = new Uint8Array(pathTableBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint32(2, rootSector, order === 'little');
  // Its parent is itself, the first directory.
  view.setUint16(6, 1, order === 'little');
  return padded(bytes);
}
