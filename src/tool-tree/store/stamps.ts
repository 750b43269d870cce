import { lstatSync } from 'node:fs';
import { fields, listOf, ofType, oneOf } from '../../core/document-shape.ts';
import { parseJson } from '../../core/json.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import { setName, setsFiles, toolSetsDirectory, toolTreeDirectory } from '../places.ts';
import { damageOf } from './check-set.ts';
import { encodeDocument, type SetDocument } from './set-document.ts';

/** A file as it was before its content was last found to be right: whoever changes it afterwards changes that, too. */
export interface Stamp {
  /** Bytes. */
  readonly size: number;
  /** st_ctime, which nobody can set: nanoseconds since 1970. */
  readonly changedAt: bigint;
}

/** Of a set's files, by path below its directory. */
export type Stamps = ReadonlyMap<string, Stamp>;

/** What recipes are made with; undefined for a set whose digests were not verified: it is not used. */
export type StampsOfSet = (set: string) => Stamps | undefined;

interface StampDocument {
  readonly schema: 'anyarch/tool-stamps/1';
  readonly set: string;
  readonly files: readonly { readonly path: string; readonly size: number; readonly changedAt: string }[];
}

const shape = fields({
  schema: oneOf('anyarch/tool-stamps/1'),
  set: ofType('string'),
  files: listOf(fields({ path: ofType('string'), size: ofType('number'), changedAt: ofType('string') })),
});

/** What was kept by `stampSet`. */
export function readStamps(files: Pick<Files, 'read'>, state: string): StampsOfSet {
  return (set) => {
    const content = ignoring(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'], () =>
      files.read(stampsPath(state, set)),
    );
    const document = content === undefined ? undefined : parseJson(decodeUtf8(content));
    if (shape(document, '') !== undefined) return undefined;
    const known = document as StampDocument;
    if (known.set !== set || known.files.some(({ changedAt }) => !/^[0-9]{1,19}$/.test(changedAt)))
      return undefined;
    return new Map(
      known.files.map(({ path, size, changedAt }) => [path, { size, changedAt: BigInt(changedAt) }]),
    );
  };
}

/**
 * Reads every byte of a set, and keeps how its files look when all is right. Otherwise it is not used any more. Only with the lock.
 *
 * @returns what is wrong
 */
export function stampSet(host: Pick<Host, 'files'>, state: string, document: SetDocument): string[] {
  const { files } = host;
  const directory = `${toolTreeDirectory(state)}/${document.id}`;
  // Before they are read: what is changed meanwhile does not count.
  const stamps = stampsNow(directory, document);
  const damage = damageOf(host, directory, document);
  if (stamps === undefined || damage.length > 0) {
    files.remove(stampsPath(state, document.id));
    return damage;
  }
  files.makeDirectory(`${toolSetsDirectory(state)}/${setsFiles.stamps}`, 0o755);
  const kept: StampDocument = {
    schema: 'anyarch/tool-stamps/1',
    set: document.id,
    files: [...stamps].map(([path, { size, changedAt }]) => ({ path, size, changedAt: `${changedAt}` })),
  };
  files.writeAtomic(stampsPath(state, document.id), encodeDocument(kept), 0o644);
  return [];
}

/** Whether a set's files are those that were last verified, as far as can be seen without reading them. */
export function isStamped(files: Pick<Files, 'read'>, state: string, document: SetDocument): boolean {
  const stamps = readStamps(files, state)(document.id);
  const now = stampsNow(`${toolTreeDirectory(state)}/${document.id}`, document);
  return (
    stamps !== undefined &&
    now !== undefined &&
    [...now].every(([path, { size, changedAt }]) => {
      const known = stamps.get(path);
      return known?.size === size && known.changedAt === changedAt;
    })
  );
}

/** Undefined when one is missing. */
export function stampsNow(directory: string, { files }: Pick<SetDocument, 'files'>): Stamps | undefined {
  const stamps = new Map<string, Stamp>();
  for (const { path } of files) {
    const status = lstatSync(`${directory}/${path}`, { bigint: true, throwIfNoEntry: false });
    if (status === undefined) return undefined;
    stamps.set(path, { size: Number(status.size), changedAt: status.ctimeNs });
  }
  return stamps;
}

/** Only with the lock. */
export function forgetStamps(
  { files }: Pick<Host, 'files'>,
  state: string,
  inUse: ReadonlySet<string>,
): void {
  const directory = `${toolSetsDirectory(state)}/${setsFiles.stamps}`;
  for (const name of ignoring(['ENOENT', 'ENOTDIR'], () => files.list(directory)) ?? []) {
    const set = name.replace(/\.json$/, '');
    if (!setName.test(set) || !inUse.has(set)) files.remove(`${directory}/${name}`);
  }
}

function stampsPath(state: string, set: string): string {
  return `${toolSetsDirectory(state)}/${setsFiles.stamps}/${set}.json`;
}
