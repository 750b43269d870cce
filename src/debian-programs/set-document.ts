import { fields, listOf, ofType, oneOf } from '../core/document-shape.ts';
import { parseJson } from '../core/json.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Files } from '../host/files.ts';
import { SystemError } from '../host/system-error.ts';
import { setFiles, type ProgramPlaces } from './places.ts';

/** `programs.json`: what a set is made of, and for what. */
export interface SetDocument {
  readonly schema: 'anyarch/programs/1';
  readonly digest: string;
  /** Debian's name of the host's architecture. */
  readonly architecture: string;
  readonly suites: readonly string[];
  /** The packages that were asked for; the others are what they need. */
  readonly wanted: readonly string[];
  readonly packages: readonly SetPackage[];
  /** Milliseconds since the epoch. */
  readonly madeMs: number;
}

export interface SetPackage {
  readonly name: string;
  readonly version: string;
  readonly suite: string;
  readonly sha256: string;
}

const shape = fields({
  schema: oneOf('anyarch/programs/1'),
  digest: ofType('string'),
  architecture: ofType('string'),
  suites: listOf(ofType('string')),
  wanted: listOf(ofType('string')),
  packages: listOf(
    fields({
      name: ofType('string'),
      version: ofType('string'),
      suite: ofType('string'),
      sha256: ofType('string'),
    }),
  ),
  madeMs: ofType('number'),
});

/** What is damaged does not count: it is made again. */
export function readSets(files: Pick<Files, 'read' | 'list'>, places: ProgramPlaces): SetDocument[] {
  return namesIn(files, places.sets)
    .map((digest) => readSet(files, places, digest))
    .filter((document) => document !== undefined);
}

function readSet(files: Pick<Files, 'read'>, places: ProgramPlaces, digest: string): SetDocument | undefined {
  try {
    const value = parseJson(decodeUtf8(files.read(`${places.set(digest)}/${setFiles.document}`)));
    if (shape(value, '') !== undefined) return undefined;
    const document = value as SetDocument;
    return document.digest === digest ? document : undefined;
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

function namesIn(files: Pick<Files, 'list'>, directory: string): string[] {
  try {
    return files.list(directory);
  } catch (error) {
    if (error instanceof SystemError && error.errno === 'ENOENT') return [];
    throw error;
  }
}
