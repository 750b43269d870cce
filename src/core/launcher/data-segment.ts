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
  /** Sets a word of the host; negative values in two's complement. */
  setWord(address: number, value: bigint): void;
  /** All of it, from `dataAddress` on. */
  finish(): Uint8Array;
}

export function createDataSegment(host: LauncherHost): DataSegment {
  const wordSize = wordSizeOf(host);
  const little = host.identity.endianness === 'little';
  const contents: { readonly address: number; readonly bytes: Uint8Array }[] = [];
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
      const bytes = new Uint8Array(wordSize);
      const view = new DataView(bytes.buffer);
      if (wordSize === 8) view.setBigUint64(0, BigInt.asUintN(64, value), little);
      else view.setUint32(0, Number(BigInt.asUintN(32, value)), little);
      contents.push({ address, bytes });
    },
    finish: () => {
      const data = new Uint8Array(end - dataAddress);
      for (const { address, bytes } of contents) data.set(bytes, address - dataAddress);
      return data;
    },
  };
}

function memoized<Key>(known: Map<Key, number>, key: Key, make: () => number): number {
  const address = known.get(key) ?? make();
  known.set(key, address);
  return address;
}
