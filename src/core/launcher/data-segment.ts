import { wordSizeOf } from './launcher-host.ts';
import type { LauncherHost } from './launcher-host.ts';
import { dataAddress } from './static-executable.ts';
import { encodeUtf8 } from '../text.ts';

/** The writable memory of a launcher while it is laid out. Addresses are final from the start. */
export interface DataSegment {
  /** Reserves zeroed memory. Alignment in bytes, a power of two. */
  reserve(size: number, alignment: number): number;
  /** The address of the text, NUL-terminated; equal texts share one. */
  placeString(text: string): number;
  /** The address of a copy of the bytes; the same object is placed once. */
  placeBytes(bytes: Uint8Array): number;
  /** The address of a variable of this name, 32 bits. */
  placeVariable(name: string): number;
  /** Sets a word of the host to a safe integer; negative values in two's complement. */
  setWord(address: number, value: number): void;
  /** All of it, from `dataAddress` on. */
  finish(): Uint8Array;
}

export function createDataSegment(host: LauncherHost): DataSegment {
  const wordSize = wordSizeOf(host);
  const little = host.identity.endianness === 'little';
  const contents: { readonly address: number; readonly bytes: Uint8Array }[] = [];
  const words: number[] = [];
  const strings = new Map<string, number>();
  const byteArrays = new Map<Uint8Array, number>();
  const variables = new Map<string, number>();
  let end = dataAddress;

  const reserve = (size: number, alignment: number): number => {
    const address = Math.ceil(end / alignment) * alignment;
    end = address + size;
    return address;
  };
  const place = (bytes: Uint8Array, alignment: number): number => {
    const address = reserve(bytes.length, alignment);
    contents.push({ address, bytes });
    return address;
  };
  return {
    reserve,
    placeString: (text) => {
      if (text.includes('\0'))
        throw new Error(`a string for the kernel contains NUL: ${JSON.stringify(text)}`);
      return memoized(strings, text, () => place(Uint8Array.of(...encodeUtf8(text), 0), 1));
    },
    // The kernel's structures ask for the alignment of their largest member.
    placeBytes: (bytes) => memoized(byteArrays, bytes, () => place(bytes, 8)),
    placeVariable: (name) => memoized(variables, name, () => reserve(4, 4)),
    setWord: (address, value) => {
      // Thousands of them: collected here, an object each would cost milliseconds at every start.
      words.push(address, value);
    },
    finish: () => {
      const data = new Uint8Array(end - dataAddress);
      for (const { address, bytes } of contents) data.set(bytes, address - dataAddress);
      const view = new DataView(data.buffer);
      for (let index = 0; index < words.length; index += 2)
        writeWord(view, (words[index] ?? 0) - dataAddress, words[index + 1] ?? 0, wordSize, little);
      return data;
    },
  };
}

function writeWord(view: DataView, offset: number, value: number, wordSize: 4 | 8, little: boolean): void {
  const high = Math.floor(value / 0x1_0000_0000);
  const low = value - high * 0x1_0000_0000;
  if (wordSize === 4) {
    view.setUint32(offset, low, little);
    return;
  }
  view.setUint32(offset + (little ? 0 : 4), low, little);
  view.setInt32(offset + (little ? 4 : 0), high, little);
}

function memoized<Key>(known: Map<Key, number>, key: Key, make: () => number): number {
  const address = known.get(key) ?? make();
  known.set(key, address);
  return address;
}
