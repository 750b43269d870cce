import { fields, ofType, oneOf } from '../../core/document-shape.ts';
import { AnyarchError } from '../../core/error.ts';
import { parseJson } from '../../core/json.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import { memoryShape, type SavedMemory } from '../state/document.ts';

/** `snapshot.json`: a machine as it was at one moment. */
export interface SnapshotDocument {
  readonly schema: 'anyarch/machine-snapshot/1';
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** The disk: a layer that nothing writes to any more, absolute. */
  readonly layer: string;
  /** Bytes that the guest sees of it. */
  readonly diskBytes: number;
  /** Undefined for a machine that did not run, or was not to be saved with its memory. */
  readonly memory?: SavedMemory | undefined;
}

const shape = fields({
  schema: oneOf('anyarch/machine-snapshot/1'),
  name: ofType('string'),
  createdMs: ofType('number'),
  layer: ofType('string'),
  diskBytes: ofType('number'),
  'memory?': memoryShape,
});

/**
 * @param directory of the snapshot
 * @returns undefined where there is none, or none that was finished
 * @throws AnyarchError ANYARCH_STATE_INVALID
 */
export function readSnapshot(files: Pick<Files, 'read'>, directory: string): SnapshotDocument | undefined {
  const path = `${directory}/snapshot.json`;
  const bytes = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(path));
  if (bytes === undefined) return undefined;
  const value = parseJson(decodeUtf8(bytes));
  const misfit = shape(value, '');
  if (misfit === undefined) return value as SnapshotDocument;
  throw new AnyarchError(
    'ANYARCH_STATE_INVALID',
    `${path} is damaged${misfit === '' ? '' : ` at ${misfit}`}`,
    {
      hint: `when the snapshot is not needed any more: rm -r ${directory}`,
      details: { path },
    },
  );
}

/** The layer that a snapshot keeps, also one that is not finished. */
export function snapshotLayer(files: Pick<Files, 'read'>, directory: string): string | undefined {
  return readSnapshot(files, directory)?.layer;
}
