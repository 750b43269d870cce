import { fields, listOf, ofType, oneOf } from '../../core/document-shape.ts';
import { parseJson } from '../../core/json.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import { toolGroups, type ToolGroup } from '../tool.ts';

/** A package as it was verified. */
export interface UsedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly sha256: string;
}

export interface StoredFileOfSet {
  /** Below the set's directory. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly executable: boolean;
}

/** `set.json` in a set's directory: what it is, and how it is known to be whole. */
export interface SetDocument {
  readonly schema: 'anyarch/tool-set/1';
  readonly id: string;
  /** SHA-256 over everything that it was made from; its beginning is the id. */
  readonly inputs: string;
  readonly group: ToolGroup;
  /** QEMU's name. */
  readonly hostArchitecture: string;
  /** Debian's name, or `any`. */
  readonly guestArchitecture: string;
  /** Of the host's architecture. */
  readonly packages: readonly UsedPackage[];
  readonly files: readonly StoredFileOfSet[];
  readonly notAdapted: readonly { readonly name: string; readonly reason: string }[];
  /** ISO 8601. */
  readonly madeAt: string;
  /** Version of anyarch. */
  readonly madeBy: string;
}

export const setDocumentName = 'set.json';

export const usedPackage = fields({
  name: ofType('string'),
  version: ofType('string'),
  architecture: ofType('string'),
  sha256: ofType('string'),
});

const shape = fields({
  schema: oneOf('anyarch/tool-set/1'),
  id: ofType('string'),
  inputs: ofType('string'),
  group: oneOf(...toolGroups),
  hostArchitecture: ofType('string'),
  guestArchitecture: ofType('string'),
  packages: listOf(usedPackage),
  files: listOf(
    fields({
      path: ofType('string'),
      size: ofType('number'),
      sha256: ofType('string'),
      executable: ofType('boolean'),
    }),
  ),
  notAdapted: listOf(fields({ name: ofType('string'), reason: ofType('string') })),
  madeAt: ofType('string'),
  madeBy: ofType('string'),
});

/** Undefined for what is missing, damaged, or of a version of anyarch that wrote something else. */
export function readSetDocument(files: Pick<Files, 'read'>, directory: string): SetDocument | undefined {
  const content = ignoring(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'], () =>
    files.read(`${directory}/${setDocumentName}`),
  );
  const document = content === undefined ? undefined : parseJson(decodeUtf8(content));
  if (shape(document, '') !== undefined) return undefined;
  const set = document as SetDocument;
  return set.files.every(({ path }) => isPlainPath(path)) ? set : undefined;
}

export function encodeDocument(document: object): Uint8Array {
  return encodeUtf8(`${JSON.stringify(document, undefined, 1)}\n`);
}

/** Below the set and nowhere else. */
function isPlainPath(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** Bytes of a set's files. */
export function sizeOfSet({ files }: Pick<SetDocument, 'files'>): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
