import { writeFile } from 'node:fs/promises';
import { fields, ofType, oneOf } from '../../core/document-shape.ts';
import { parseJson } from '../../core/json.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import { digestOf } from '../../store/index.ts';
import type { BaseImage } from '../record.ts';

/** `cloud-image.json` beside `disk`. */
interface StoredImage {
  readonly schema: 'anyarch/cloud-image/1';
  readonly format: BaseImage['format'];
  /** Of the disk as it is stored, unpacked. */
  readonly sha256: string;
  readonly bytes: number;
  readonly origin: string;
  /** Who vouched for the content, for people. */
  readonly said: string;
}

const text = ofType('string');
const shape = fields({
  schema: oneOf('anyarch/cloud-image/1'),
  format: oneOf('qcow2', 'raw'),
  sha256: text,
  bytes: ofType('number'),
  origin: text,
  said: text,
});

/** Name of the directory for what has this digest. */
export function storedName({ algorithm, hex }: { readonly algorithm: string; readonly hex: string }): string {
  return `cloud-${algorithm}-${hex.slice(0, 40)}`;
}

/** The image that is there; one whose disk was taken away counts as none. */
export function readStored(files: Pick<Files, 'read' | 'status'>, directory: string): BaseImage | undefined {
  const content = ignoring(['ENOENT', 'ENOTDIR'], () =>
    decodeUtf8(files.read(`${directory}/cloud-image.json`)),
  );
  if (content === undefined) return undefined;
  const value = parseJson(content);
  const file = `${directory}/disk`;
  if (shape(value, '') !== undefined || files.status(file)?.kind !== 'file') return undefined;
  const { format, sha256, bytes, origin } = value as StoredImage;
  return { file, ...{ format, sha256, bytes, origin }, boot: { kind: 'firmware' }, cloudInit: 'unknown' };
}

export async function sealStored(
  directory: string,
  { format, bytes, origin, said }: Pick<StoredImage, 'bytes' | 'format' | 'origin' | 'said'>,
): Promise<void> {
  const sha256 = await digestOf(`${directory}/disk`);
  if (sha256 === undefined) throw new Error(`${directory}/disk was to be made`);
  const document: StoredImage = { schema: 'anyarch/cloud-image/1', format, sha256, bytes, origin, said };
  await writeFile(`${directory}/cloud-image.json`, `${JSON.stringify(document, undefined, 1)}\n`, {
    flag: 'wx',
    flush: true,
  });
}
