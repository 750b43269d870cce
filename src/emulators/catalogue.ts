import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Files } from '../host/files.ts';
import type { StoredFile } from '../host/stored-path.ts';
import { ignoring } from '../host/system-error.ts';

/** An emulator in the store, with everything that judging it would find out. */
export interface CatalogueItem extends StoredFile {
  /** QEMU's: `11.1.3`. */
  readonly version: string;
  readonly packageVersion: string;
  readonly linkage: 'static' | 'static-pie';
  readonly buildId?: string | undefined;
  readonly suite: string;
  /** The .deb that it comes from. */
  readonly package: { readonly name: string; readonly architecture: string; readonly sha256: string };
  /** ISO 8601. */
  readonly fetchedAt: string;
}

export interface CatalogueEntry {
  /** SHA-256 of the item that is used unless something else is asked for. */
  readonly inUse: string;
  readonly items: readonly CatalogueItem[];
}

/** `emulators.json`: what the store has, by target. */
export interface Catalogue {
  readonly schema: 1;
  readonly emulators: Readonly<Record<string, CatalogueEntry>>;
}

export function cataloguePath(directory: string): string {
  return `${directory}/emulators.json`;
}

/**
 * The catalogue of a state directory; an empty one where there is none.
 *
 * @throws AnyarchError ANYARCH_FILE when it cannot be understood
 */
export function readCatalogue(files: Pick<Files, 'read'>, directory: string): Catalogue {
  const path = cataloguePath(directory);
  const content = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(path));
  return content === undefined ? { schema: 1, emulators: {} } : parseCatalogue(decodeUtf8(content), path);
}

/** Only this project writes it, as a whole; so its outline is checked here and an item's fields where they matter. */
function parseCatalogue(text: string, path: string): Catalogue {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw unreadable(path, 'it is no JSON', error);
  }
  const { schema, emulators } = (document ?? {}) as Partial<Record<keyof Catalogue, unknown>>;
  if (schema !== 1)
    throw unreadable(path, `its schema is ${JSON.stringify(schema)}, this version of anyarch knows 1`);
  if (!isRecord(emulators) || !Object.values(emulators).every(isEntry))
    throw unreadable(path, 'it is damaged');
  return document as Catalogue;
}

function isEntry(value: unknown): value is CatalogueEntry {
  return (
    isRecord(value) &&
    typeof value['inUse'] === 'string' &&
    Array.isArray(value['items']) &&
    value['items'].every(isItem)
  );
}

function isItem(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['package'])) return false;
  const { sha256, file, version } = value;
  // These become a path.
  return (
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof file === 'string' &&
    /^[\w.-]+$/.test(file) &&
    typeof version === 'string'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(path: string, what: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_FILE', `${path} cannot be used: ${what}`, {
    hint: `remove ${path} and fetch the emulators again: anyarch emulators fetch`,
    cause,
  });
}
