import { parseJson } from '../../core/json.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import { stateShape, type StateDocument } from './document.ts';
import type { StatePlaces } from './places.ts';

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
