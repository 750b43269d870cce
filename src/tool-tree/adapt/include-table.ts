import { dynamicSymbols } from '../elf/dynamic-symbols.ts';
import { offsetOf, readPointer, textAt, writePointer } from '../elf/image.ts';
import type { ElfImage } from '../elf/image.ts';
import { unadaptable } from '../elf/unadaptable.ts';

/** One line of GCC's list of include directories: `struct default_include` of gcc/cppdefault.h. */
export interface IncludeDirectory {
  readonly path: string;
  /** What $NAME_ROOT of the environment moves, as `GCC` or `G++`. */
  readonly component: string | undefined;
  /** `cplusplus`, `cxx_aware`, `add_sysroot`, `multilib`. */
  readonly flags: readonly [cplusplus: number, cxxAware: number, addSysroot: number, multilib: number];
}

/** The list as it is in a file. */
export interface IncludeTable {
  /** In the file. */
  readonly offset: number;
  /** How many there is room for; the list ends with an empty one behind them. */
  readonly capacity: number;
  readonly directories: readonly IncludeDirectory[];
}

/** Two pointers and four bytes, aligned as a pointer. */
function entrySize({ pointerSize }: ElfImage): number {
  return pointerSize === 8 ? 24 : 12;
}

/**
 * Reads `cpp_include_defaults`, which GCC's compilers export for plugins.
 *
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE
 */
export function readIncludeTable(image: ElfImage): IncludeTable {
  const symbol = dynamicSymbols(image).find(
    ({ name, isDefined }) => isDefined && name === 'cpp_include_defaults',
  );
  if (symbol === undefined) throw unadaptable('the compiler exports no list of include directories');
  const offset = offsetOf(image, symbol.address);
  const size = entrySize(image);
  if (offset === undefined || symbol.size % size !== 0 || symbol.size === 0)
    throw unadaptable(`the list of include directories has ${symbol.size} bytes, not entries of ${size}`);
  const capacity = symbol.size / size - 1;
  const directories: IncludeDirectory[] = [];
  while (directories.length < capacity) {
    const at = offset + directories.length * size;
    if (readPointer(image, at) === 0) break;
    directories.push(readEntry(image, at));
  }
  if (readPointer(image, offset + capacity * size) !== 0)
    throw unadaptable('the list of include directories does not end with an empty one');
  return { offset, capacity, directories };
}

function readEntry(image: ElfImage, at: number): IncludeDirectory {
  const { pointerSize, bytes } = image;
  const path = textAt(image, readPointer(image, at));
  const component = readPointer(image, at + pointerSize);
  const componentText = component === 0 ? undefined : textAt(image, component);
  if (path === undefined || (component !== 0 && componentText === undefined))
    throw unadaptable('an include directory has no path');
  const [cplusplus = 0, cxxAware = 0, addSysroot = 0, multilib = 0] = bytes.subarray(
    at + 2 * pointerSize,
    at + 2 * pointerSize + 4,
  );
  return { path, component: componentText, flags: [cplusplus, cxxAware, addSysroot, multilib] };
}

/** @param addresses of the texts in the native program, by text */
export function writeIncludeTable(
  image: ElfImage,
  table: IncludeTable,
  directories: readonly IncludeDirectory[],
  addresses: ReadonlyMap<string, number>,
): void {
  const size = entrySize(image);
  image.bytes.fill(0, table.offset, table.offset + (table.capacity + 1) * size);
  const addressOfText = (text: string): number => {
    const address = addresses.get(text);
    if (address === undefined) throw unadaptable(`there is no place for ${text}`);
    return address;
  };
  directories.forEach(({ path, component, flags }, index) => {
    const at = table.offset + index * size;
    writePointer(image, at, addressOfText(path));
    if (component !== undefined) writePointer(image, at + image.pointerSize, addressOfText(component));
    image.bytes.set(flags, at + 2 * image.pointerSize);
  });
}
