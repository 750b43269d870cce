import { fields, listOf, ofType, oneOf } from '../../core/document-shape.ts';

/** The memory and the devices of a guest, as they were at one moment, and what can go on with them. */
export interface SavedMemory {
  /** Milliseconds since the epoch: what the guest's clock showed, more or less. */
  readonly savedMs: number;
  /** QEMU's version, and digest of its program. */
  readonly qemu: { readonly version: string; readonly sha256: string };
  /** What of QEMU's command line makes the machine: `machineWords`. */
  readonly words: readonly string[];
  /** Of the file, holes included. */
  readonly bytes: number;
}

/** What tells that nobody has written to a disk. */
export interface DiskStamp {
  /** Absolute: the layer. */
  readonly file: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** `state.json` in a machine's `places.state`. */
export interface StateDocument {
  readonly schema: 'anyarch/machine-state/1';
  readonly memory: SavedMemory;
  /** Memory and disk are of one moment: with any other disk the guest would destroy its file systems. */
  readonly disk: DiskStamp;
}

export const memoryShape = fields({
  savedMs: ofType('number'),
  qemu: fields({ version: ofType('string'), sha256: ofType('string') }),
  words: listOf(ofType('string')),
  bytes: ofType('number'),
});

export const stateShape = fields({
  schema: oneOf('anyarch/machine-state/1'),
  memory: memoryShape,
  disk: fields({ file: ofType('string'), size: ofType('number'), modifiedMs: ofType('number') }),
});
