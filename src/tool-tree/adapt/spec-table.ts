import { addressesOfText, offsetOf, pointersTo, readPointer, textAt } from '../elf/image.ts';
import type { ElfImage } from '../elf/image.ts';
import { unadaptable } from '../elf/unadaptable.ts';

/** One of GCC's specs: `static_specs` of gcc/gcc.cc. What `gcc -dumpspecs` prints. */
export interface Spec {
  readonly name: string;
  /** Where in the file the pointer to the text is; undefined for those that are set while the driver starts. */
  readonly pointer: number | undefined;
  readonly text: string | undefined;
}

/** `struct spec_list`: name, ptr, ptr_spec, next, name_len, two flags, default_ptr. */
function layoutOf({ pointerSize }: ElfImage): { size: number; pointerSpec: number; nameLength: number } {
  return { size: 5 * pointerSize + 8, pointerSpec: 2 * pointerSize, nameLength: 4 * pointerSize };
}

/**
 * Reads all specs of a driver, in the order of the file.
 *
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE
 */
export function readSpecs(image: ElfImage): Spec[] {
  const { size } = layoutOf(image);
  const entries = addressesOfText(image, 'cross_compile')
    .flatMap((address) => pointersTo(image, address))
    .filter((offset) => readSpec(image, offset)?.name === 'cross_compile');
  const [start] = entries;
  if (start === undefined || entries.length !== 1)
    throw unadaptable(`the driver has ${entries.length} tables of specs, not one`);
  return [...backwards(image, start - size, size), ...forwards(image, start, size)];
}

function backwards(image: ElfImage, last: number, size: number): Spec[] {
  const specs: Spec[] = [];
  for (let at = last; at >= 0; at -= size) {
    const spec = readSpec(image, at);
    if (spec === undefined) break;
    specs.unshift(spec);
  }
  return specs;
}

function forwards(image: ElfImage, first: number, size: number): Spec[] {
  const specs: Spec[] = [];
  for (let at = first; ; at += size) {
    const spec = readSpec(image, at);
    if (spec === undefined) return specs;
    specs.push(spec);
  }
}

function readSpec(image: ElfImage, at: number): Spec | undefined {
  const { size, pointerSpec, nameLength } = layoutOf(image);
  if (at + size > image.bytes.length) return undefined;
  const name = textAt(image, readPointer(image, at));
  const pointer = offsetOf(image, readPointer(image, at + pointerSpec));
  const view = new DataView(image.bytes.buffer, image.bytes.byteOffset);
  const length = view.getUint32(at + nameLength, image.header.endianness === 'little');
  if (name === undefined || !/^[a-z0-9_]+$/.test(name) || length !== name.length) return undefined;
  const text = pointer === undefined ? undefined : textAt(image, readPointer(image, pointer));
  return { name, pointer, text };
}
