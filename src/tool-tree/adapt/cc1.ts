import { encodeUtf8 } from '../../core/text.ts';
import { dynamicSymbols } from '../elf/dynamic-symbols.ts';
import { addressesOfText, offsetOf, placesOf, readPointer, writePointer } from '../elf/image.ts';
import type { ElfImage } from '../elf/image.ts';
import { unadaptable } from '../elf/unadaptable.ts';
import type { Adaptation } from './adaptation.ts';
import { checkConfiguration } from './configuration.ts';
import { readIncludeTable, writeIncludeTable } from './include-table.ts';
import type { IncludeDirectory } from './include-table.ts';
import { placeTexts } from './text-slots.ts';
import type { Slot } from './text-slots.ts';

/**
 * Gives a cross compiler (cc1, cc1plus) the include directories of the guest's own compiler: paths, order and flags are
 * read from the guest's program. A cross compiler's list is two entries shorter, so two are left out that never matter
 * under the rules of groups/c.ts: libc++'s (bails on -stdlib=) and the one for multiarch below /usr/include/c++/VERSION
 * (unless it exists).
 */
export const adaptCc1: Adaptation = ({ native, guest }) => {
  checkConfiguration(native, guest);
  const table = readIncludeTable(native);
  const wanted = readIncludeTable(guest).directories.filter((each) => !isNeverSearched(each));
  if (wanted.length > table.capacity)
    throw unadaptable(`${wanted.length} include directories do not fit into ${table.capacity}`);
  const kept = [...new Set(wanted.flatMap(({ path, component }) => [path, component ?? path]))];
  const existing = new Map(kept.flatMap((text) => found(native, table.directories, text)));
  const slots = slotsOf(native, table.directories, kept);
  const placed = placeTexts(
    native,
    slots,
    kept.filter((text) => !existing.has(text)),
  );
  writeIncludeTable(native, table, wanted, new Map([...existing, ...placed]));
  for (const name of ['cpp_GCC_INCLUDE_DIR', 'cpp_PREFIX', 'cpp_EXEC_PREFIX']) copyText(native, guest, name);
  if (placesOf(native.bytes, encodeUtf8('/gcc-cross/')).length > prefixesLeft)
    throw unadaptable('the compiler still names directories of a cross compiler');
};

/** `/usr/lib/gcc-cross/` of the place of its own plugins, which are not used: -fplugin is emulated. */
const prefixesLeft = 1;

function isNeverSearched({ path, component, flags: [cplusplus, , , multilib] }: IncludeDirectory): boolean {
  const isForLibcxx = cplusplus === 2 && path.endsWith('/c++/v1');
  return isForLibcxx || (component === 'G++' && multilib === 2);
}

/** A text that the native list has already, at the address that it has there. */
function found(native: ElfImage, directories: readonly IncludeDirectory[], text: string): [string, number][] {
  if (!directories.some(({ path, component }) => path === text || component === text)) return [];
  const [address] = addressesOfText(native, text);
  return address === undefined ? [] : [[text, address]];
}

/** The room of those paths that the guest's compiler does not have. */
function slotsOf(
  native: ElfImage,
  directories: readonly IncludeDirectory[],
  kept: readonly string[],
): Slot[] {
  const gone = [...new Set(directories.map(({ path }) => path))].filter((path) => !kept.includes(path));
  const symbols = dynamicSymbols(native).filter(({ isDefined }) => isDefined);
  return gone.flatMap((path) => {
    const size = encodeUtf8(path).length + 1;
    const addresses = addressesOfText(native, path).filter(
      (address) =>
        !symbols.some((symbol) => address >= symbol.address && address < symbol.address + symbol.size),
    );
    const [address] = addresses;
    const offset = address === undefined ? undefined : offsetOf(native, address);
    if (offset === undefined || addresses.length !== 1)
      throw unadaptable(`${path} is ${addresses.length} times in the compiler, not once`);
    return [{ offset, size }];
  });
}

/** An exported array of characters and, where it has one, its length. */
interface ExportedText {
  readonly offset: number;
  /** Bytes of the array. */
  readonly size: number;
  /** With the zero byte. */
  readonly content: Uint8Array;
  readonly lengthOffset: number | undefined;
}

function copyText(native: ElfImage, guest: ElfImage, name: string): void {
  const from = exportedText(guest, name);
  const to = exportedText(native, name);
  if (from.content.length > to.size || (from.lengthOffset === undefined) !== (to.lengthOffset === undefined))
    throw unadaptable(`the compilers do not export the same ${name}`);
  native.bytes.fill(0, to.offset, to.offset + to.size);
  native.bytes.set(from.content, to.offset);
  if (from.lengthOffset !== undefined && to.lengthOffset !== undefined)
    writePointer(native, to.lengthOffset, readPointer(guest, from.lengthOffset));
}

function exportedText(image: ElfImage, name: string): ExportedText {
  const symbols = dynamicSymbols(image).filter(({ isDefined }) => isDefined);
  const text = symbols.find((symbol) => symbol.name === name);
  const length = symbols.find((symbol) => symbol.name === `${name}_len`);
  const offset = text === undefined ? undefined : offsetOf(image, text.address);
  if (text === undefined || offset === undefined) throw unadaptable(`the compiler exports no ${name}`);
  const end = image.bytes.indexOf(0, offset);
  if (end < 0 || end >= offset + text.size) throw unadaptable(`${name} has no end`);
  const lengthOffset = length === undefined ? undefined : offsetOf(image, length.address);
  return { offset, size: text.size, content: image.bytes.slice(offset, end + 1), lengthOffset };
}
