import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Files } from '../host/files.ts';
import type { StoredFile } from '../host/stored-path.ts';
import { ignoring } from '../host/system-error.ts';

export interface GuestItem extends StoredFile {
  readonly packageVersion: string;
  readonly suite: string;
  /** The .deb that it comes from. */
  readonly package: { readonly name: string; readonly architecture: string; readonly sha256: string };
  /** ISO 8601. */
  readonly fetchedAt: string;
}

/** `guests.json`, by Debian's name of the architecture. */
export interface GuestCatalogue {
  readonly schema: 1;
  readonly guests: Readonly<Record<string, GuestItem>>;
}

export function guestCataloguePath(directory: string): string {
  return `${directory}/guests.json`;
}

/** @throws AnyarchError ANYARCH_FILE when it cannot be understood */
export function readGuestCatalogue(files: Pick<Files, 'read'>, directory: string): GuestCatalogue {
  const path = guestCataloguePath(directory);
  const content = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(path));
  if (content === undefined) return { schema: 1, guests: {} };
  const document = parse(decodeUtf8(content));
  if (document !== undefined) return document;
  throw new AnyarchError(
    'ANYARCH_FILE',
    `${path} cannot be used: it is damaged, or of another version of anyarch`,
    {
      hint: `remove ${path}; guests are fetched again when they are needed`,
    },
  );
}

function parse(text: string): GuestCatalogue | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(document) || document['schema'] !== 1 || !isRecord(document['guests'])) return undefined;
  return Object.values(document['guests']).every(isItem)
    ? (document as unknown as GuestCatalogue)
    : undefined;
}

/** Digest and name become a path. */
function isItem(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { sha256, file } = value;
  return (
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof file === 'string' &&
    /^[\w.-]+$/.test(file)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
