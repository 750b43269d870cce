import { concatBytes } from '../core/bytes.ts';
import type { PlannedDirectory } from './plan.ts';

/** ECMA-119, 9.4: all directories, for readers that do not walk. */
export function writePathTable(
  directories: readonly PlannedDirectory[],
  sector: (position: number) => number,
  order: 'little' | 'big',
): Uint8Array {
  return concatBytes(
    directories.map(({ identifier, parent }, position) => {
      const bytes = new Uint8Array(8 + identifier.length + (identifier.length % 2));
      const view = new DataView(bytes.buffer);
      view.setUint8(0, identifier.length);
      view.setUint32(2, sector(position), order === 'little');
      view.setUint16(6, parent + 1, order === 'little');
      bytes.set(identifier, 8);
      return bytes;
    }),
  );
}
