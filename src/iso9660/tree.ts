import { encodeUtf8 } from '../core/text.ts';
import type { IsoFile } from './iso-file.ts';

export interface IsoDirectory {
  readonly name: string;
  readonly directories: readonly IsoDirectory[];
  readonly files: readonly NamedFile[];
}

export interface NamedFile {
  readonly name: string;
  readonly file: IsoFile;
}

/** Rock Ridge's name must fit into one record of 255 bytes. */
const maximumBytes = 110;
/** Joliet, "Joliet File Identifiers": 64 characters of 16 bits. */
const maximumUnits = 64;
/** ECMA-119, 6.8.2.1, the root among them. */
const maximumDepth = 8;

/** @throws RangeError for paths that the format has no place for */
export function treeOf(files: readonly IsoFile[]): IsoDirectory {
  return directoryOf(
    '',
    files.map((file) => ({ parts: partsOf(file.path), file })),
  );
}

function directoryOf(
  name: string,
  entries: readonly { readonly parts: readonly string[]; readonly file: IsoFile }[],
): IsoDirectory {
  const files = entries.flatMap(({ parts: [first = ''], file }, index) =>
    entries[index]?.parts.length === 1 ? [{ name: first, file }] : [],
  );
  const deeper = new Map<string, { parts: readonly string[]; file: IsoFile }[]>();
  for (const { parts, file } of entries) {
    const [first = '', ...rest] = parts;
    if (rest.length > 0) deeper.set(first, [...(deeper.get(first) ?? []), { parts: rest, file }]);
  }
  const names = [...files.map((file) => file.name), ...deeper.keys()];
  if (new Set(names).size !== names.length)
    throw new RangeError(`two files of "${name}/" have the same name`);
  return { name, files, directories: [...deeper].map(([below, rest]) => directoryOf(below, rest)) };
}

function partsOf(path: string): readonly string[] {
  const parts = path.split('/');
  const isPossible = (part: string): boolean =>
    part !== '' &&
    part !== '.' &&
    part !== '..' &&
    !part.includes('\0') &&
    part.length <= maximumUnits &&
    encodeUtf8(part).length <= maximumBytes;
  if (parts.length >= maximumDepth || !parts.every(isPossible))
    throw new RangeError(`"${path}" is no path of a file in ISO 9660`);
  return parts;
}
