import { encodeUtf8 } from '../core/text.ts';

/** Rock Ridge's name must fit into one record of 255 bytes. */
const maximumBytes = 110;
/** Joliet, "Joliet File Identifiers": 64 characters of 16 bits. */
const maximumUnits = 64;

/** ECMA-119, 7.5: what readers see that know neither Rock Ridge nor Joliet. */
export function isoNames(names: readonly string[]): Uint8Array[] {
  checkNames(names);
  const plain = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
  return distinct(names, plain, 28).map((name) => encodeUtf8(`${name}.;1`));
}

/** 16-bit characters, big-endian. */
export function jolietNames(names: readonly string[]): Uint8Array[] {
  checkNames(names);
  // eslint-disable-next-line no-control-regex
  const allowed = (name: string): string => name.replaceAll(/[\u0000-\u001f*/:;?\\]/g, '_');
  return distinct(names, allowed, maximumUnits).map(utf16);
}

export function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index += 1) view.setUint16(index * 2, text.charCodeAt(index));
  return bytes;
}

/** Names that became the same get numbers; nothing becomes longer than `limit`. */
function distinct(names: readonly string[], change: (name: string) => string, limit: number): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const changed = change(name).slice(0, limit);
    let candidate = changed;
    for (let number = 1; taken.has(candidate); number += 1)
      candidate = changed.slice(0, limit - String(number).length) + String(number);
    taken.add(candidate);
    return candidate;
  });
}

function checkNames(names: readonly string[]): void {
  if (new Set(names).size !== names.length) throw new RangeError('two files have the same name');
  for (const name of names) {
    const isPossible = name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
    if (!isPossible || name.length > maximumUnits || encodeUtf8(name).length > maximumBytes)
      throw new RangeError(`"${name}" is no name of a file in ISO 9660`);
  }
}
