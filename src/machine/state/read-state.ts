import { parseJson } from '../../core/json.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import type { MachinePlaces } from '../places.ts';
import { stateShape, type SavedMemory, type StateDocument } from './document.ts';
import { statePlaces, type StatePlaces } from './places.ts';

/** @returns undefined where there is none; `damaged` where it does not read, or its memory is not whole */
export function readState(
  files: Pick<Files, 'read' | 'status'>,
  { document, memory }: Pick<StatePlaces, 'document' | 'memory'>,
): StateDocument | 'damaged' | undefined {
  const bytes = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(document));
  if (bytes === undefined) return undefined;
  const value = parseJson(decodeUtf8(bytes));
  if (stateShape(value, '') !== undefined) return 'damaged';
  const state = value as StateDocument;
  return files.status(memory)?.size === state.memory.bytes ? state : 'damaged';
}

/** The QEMU of a machine's saved state; undefined where there is none that is whole. */
export function savedBy(
  files: Pick<Files, 'read' | 'status'>,
  places: Pick<MachinePlaces, 'state'>,
): SavedMemory['qemu'] | undefined {
  const state = readState(files, statePlaces(places));
  return state === undefined || state === 'damaged' ? undefined : state.memory.qemu;
}
