import { encodeUtf8 } from '../core/text.ts';

/** ECMA-119, 7.5 and 7.6: what readers see that know neither Rock Ridge nor Joliet. */
export function isoNames(names: readonly string[], kind: 'file' | 'directory'): Uint8Array[] {
  const plain = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
  return distinct(names, plain, 28).map((name) => encodeUtf8(kind === 'file' ? `${name}.;1` : name));
}

/** 16-bit characters, big-endian. */
export function jolietNames(names: readonly string[]): Uint8Array[] {
  // eslint-disable-next-line no-control-regex
  const allowed = (name: string): string => name.replaceAll(/[\u0000-\u001f*/:;?\\]/g, '_');
  return distinct(names, allowed, 64).map(utf16);
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

/** ECMA-119, 9.3. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const different = a.findIndex((byte, index) => byte !== b[index]);
  return different === -1 ? a.length - b.length : (a[different] ?? 0) - (b[different] ?? -1);
}
