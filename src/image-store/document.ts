import { AnyarchError } from '../core/error.ts';
import { isRecord } from '../core/json.ts';
import { isDigest } from '../core/oci/digest.ts';
import type { Digest } from '../core/oci/digest.ts';
import { parseImageConfig } from '../core/oci/image-config.ts';
import { readImagePlatform } from '../core/oci/image-platform.ts';
import type { ImagePlatform } from '../core/oci/image-platform.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Files } from '../host/files.ts';
import { SystemError, ignoring } from '../host/system-error.ts';
import type { OpenedImage } from './opened-image.ts';
import { imageFiles } from './places.ts';
import type { StoredImage, TreeIds } from './stored-image.ts';
import { names } from './worker/protocol.ts';

/** What is written beside a tree, last: a tree without it is none. */
export interface ImageDocument {
  readonly schema: 1;
  readonly digest: Digest;
  readonly ids: TreeIds;
  /** RFC 3339. */
  readonly at: string;
  readonly diffIds: readonly Digest[];
  readonly size: number;
  readonly entries: number;
  readonly deviceNodes: number;
  readonly xattrsLeftOut: number;
  /** SHA-256 of the listing's lines. */
  readonly listing: string;
  /** Images that have these layers, which may differ in what they start. */
  readonly images: readonly DescribedImage[];
}

interface DescribedImage {
  readonly digest: Digest;
  /** The newest last. */
  readonly references: readonly string[];
  readonly platform: ImagePlatform;
  readonly config: string;
}

/**
 * Undefined where there is no image.
 *
 * @param directory of the image
 * @throws AnyarchError ANYARCH_STATE_INVALID
 */
export function readDocument(files: Pick<Files, 'read'>, directory: string): ImageDocument | undefined {
  const path = `${directory}/${imageFiles.document}`;
  const text = ignoring(['ENOENT', 'ENOTDIR'], () => decodeUtf8(files.read(path)));
  if (text === undefined) return undefined;
  const found = parseDocument(text);
  if (found !== undefined) return found;
  throw new AnyarchError('ANYARCH_STATE_INVALID', `${path} is damaged`, {
    hint: `have the image unpacked again after: anyarch image remove ${directory.slice(directory.lastIndexOf('/') + 1)}`,
  });
}

/** Bytes of the tree's files, as its document says; undefined where there is no image, or a damaged one. */
export function unpackedSize(files: Pick<Files, 'read'>, directory: string): number | undefined {
  try {
    return readDocument(files, directory)?.size;
  } catch (error) {
    if (error instanceof AnyarchError || error instanceof SystemError) return undefined;
    throw error;
  }
}

function parseDocument(text: string): ImageDocument | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isRecord(value) || value['schema'] !== 1 || !isDigest(value['digest'])) return undefined;
  const { ids, at, diffIds, listing, images } = value;
  if (ids !== 'identity' && ids !== 'subordinate' && ids !== 'single') return undefined;
  if (typeof listing !== 'string' || typeof at !== 'string') return undefined;
  if (!counts.every((name) => Number.isSafeInteger(value[name]))) return undefined;
  if (!isListOf(diffIds, isDigest) || !isListOf(images, isDescribed)) return undefined;
  return value as unknown as ImageDocument;
}

const counts = ['size', 'entries', 'deviceNodes', 'xattrsLeftOut'] as const;

function isDescribed(value: unknown): boolean {
  if (!isRecord(value) || !isDigest(value['digest']) || typeof value['config'] !== 'string') return false;
  return isListOf(value['references'], isText) && isPlatform(value['platform']);
}

function isPlatform(value: unknown): boolean {
  if (!isRecord(value) || !isText(value['os']) || !isText(value['architecture'])) return false;
  return value['variant'] === undefined || isText(value['variant']);
}

function isListOf(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

export function writeDocument(files: Files, directory: string, document: ImageDocument): void {
  const text = `${JSON.stringify(document, undefined, 1)}\n`;
  files.writeAtomic(`${directory}/${imageFiles.document}`, encodeUtf8(text), 0o600);
}

/** The document with the image in it, called as the user called it; the same object where that is nothing new. */
export function withImage(document: ImageDocument, image: OpenedImage): ImageDocument {
  const { digest, reference, platform, configText } = image;
  const before = document.images.find((one) => one.digest === digest);
  if (before?.references.at(-1) === reference && document.images.at(-1) === before) return document;
  const others = document.images
    .filter((one) => one.digest !== digest)
    // A name is of one image only, for each platform.
    .map((one) => (samePlatform(one.platform, platform) ? withoutReference(one, reference) : one));
  const references = [...(before?.references ?? []).filter((one) => one !== reference), reference];
  return {
    ...document,
    images: [...others, { digest, references, platform: asPlatform(platform), config: configText }],
  };
}

export function withoutReference(image: DescribedImage, reference: string): DescribedImage {
  return { ...image, references: image.references.filter((one) => one !== reference) };
}

export function samePlatform(one: ImagePlatform, other: ImagePlatform): boolean {
  return (
    one.os === other.os &&
    one.architecture === other.architecture &&
    (one.variant ?? '') === (other.variant ?? '')
  );
}

function asPlatform(platform: ImagePlatform): ImagePlatform {
  return readImagePlatform(platform, 'platform');
}

/** @param directory of the image */
export function describe(directory: string, document: ImageDocument, image: DescribedImage): StoredImage {
  const { digest, ids, size, entries, deviceNodes, at } = document;
  return {
    digest,
    image: image.digest,
    references: image.references,
    root: `${directory}/${names.tree}`,
    ids,
    platform: image.platform,
    config: parseImageConfig(image.config, `the configuration of ${image.references.at(-1) ?? image.digest}`),
    size,
    entries,
    deviceNodes,
    at,
  };
}
