import { fields, listOf, ofType, oneOf } from '../../core/document-shape.ts';
import { parseJson } from '../../core/json.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import type { LeftOutTool } from '../plan/plan-tools.ts';
import { setsFiles, toolSetsDirectory } from '../places.ts';
import { encodeDocument } from '../store/set-document.ts';
import { toolGroups } from '../tool.ts';

/** What was made of a request, so that the same one need not be worked out again. */
export interface RequestDocument {
  readonly schema: 'anyarch/tool-request/1';
  /** Keys of pairings. */
  readonly pairings: readonly string[];
  readonly leftOut: readonly LeftOutTool[];
  readonly absent: readonly string[];
}

const shape = fields({
  schema: oneOf('anyarch/tool-request/1'),
  pairings: listOf(ofType('string')),
  leftOut: listOf(
    fields({
      name: ofType('string'),
      group: oneOf(...toolGroups),
      reason: ofType('string'),
      'isMeant?': ofType('boolean'),
    }),
  ),
  absent: listOf(ofType('string')),
});

export function readRequest(
  files: Pick<Files, 'read'>,
  state: string,
  key: string,
): RequestDocument | undefined {
  const content = ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => files.read(requestPath(state, key)));
  const document = content === undefined ? undefined : parseJson(decodeUtf8(content));
  return shape(document, '') === undefined ? (document as RequestDocument) : undefined;
}

/** Only with the lock. Older ones are for lists of packages that have been renewed since: they go. */
export function writeRequest(
  files: Pick<Files, 'makeDirectory' | 'writeAtomic' | 'list' | 'status' | 'remove'>,
  state: string,
  key: string,
  document: RequestDocument,
): void {
  const directory = `${toolSetsDirectory(state)}/${setsFiles.requests}`;
  files.makeDirectory(directory, 0o755);
  files.writeAtomic(requestPath(state, key), encodeDocument(document), 0o644);
  const known = files
    .list(directory)
    .map((name) => ({ name, at: files.status(`${directory}/${name}`)?.modifiedMs ?? 0 }))
    .toSorted((a, b) => b.at - a.at);
  for (const { name } of known.slice(keptRequests)) files.remove(`${directory}/${name}`);
}

const keptRequests = 100;

function requestPath(state: string, key: string): string {
  return `${toolSetsDirectory(state)}/${setsFiles.requests}/${key}.json`;
}
