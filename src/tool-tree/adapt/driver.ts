import { encodeUtf8 } from '../../core/text.ts';
import { placesOf, readPointer, textAt, writePointer } from '../elf/image.ts';
import type { ElfImage } from '../elf/image.ts';
import { replaceTexts } from '../elf/replace-text.ts';
import { unadaptable } from '../elf/unadaptable.ts';
import type { Adaptation } from './adaptation.ts';
import { checkConfiguration, readConfiguration } from './configuration.ts';
import { readSpecs } from './spec-table.ts';
import { placeTexts } from './text-slots.ts';

/**
 * Gives the driver of a cross compiler (gcc, g++, cpp) the specs of the guest's driver and the directories of a native
 * compiler. The specs that differ are few and known; their texts take the place of the one that tells how the compiler
 * was configured, which is printed with -v and -### only (both are emulated).
 */
export const adaptDriver: Adaptation = ({ native, guest }) => {
  checkConfiguration(native, guest);
  forgetSystemRoot(native, guest);
  adoptSpecs(native, guest);
  replacePrefixes(native);
};

/** Whether it is a cross compiler, and the object files for offloading. */
const adoptedSpecs = new Set(['cross_compile', 'startfile', 'endfile']);

function adoptSpecs(native: ElfImage, guest: ElfImage): void {
  const theirs = readSpecs(guest);
  const ours = readSpecs(native);
  const names = (specs: readonly { readonly name: string }[]): string =>
    specs.map(({ name }) => name).join(' ');
  if (names(ours) !== names(theirs)) throw unadaptable('the drivers do not have the same specs');
  const differing = ours.flatMap((spec, index) => {
    const text = theirs[index]?.text;
    return text === undefined || text === spec.text ? [] : [{ ...spec, text }];
  });
  const unexpected = ours.find(
    ({ name, text }, index) => !adoptedSpecs.has(name) && text !== theirs[index]?.text,
  );
  if (unexpected !== undefined) throw unadaptable(`the drivers differ in the spec ${unexpected.name}`);
  const { offset, text } = readConfiguration(native);
  const room = { offset, size: encodeUtf8(text).length + 1 };
  const addresses = placeTexts(
    native,
    [room],
    differing.map((spec) => spec.text),
  );
  for (const spec of differing) {
    const address = addresses.get(spec.text);
    if (address !== undefined && spec.pointer !== undefined) writePointer(native, spec.pointer, address);
  }
}

/**
 * Cross compilers are configured with `--with-sysroot=/`, which they hand to the linker; native ones have none. Of the
 * pointers to the text `/`, the variable is the one among those that the specs are in: all are variables of gcc.cc.
 */
function forgetSystemRoot(native: ElfImage, guest: ElfImage): void {
  const option = '--with-sysroot';
  if (readConfiguration(guest).text.includes(option) || !readConfiguration(native).text.includes(option))
    throw unadaptable('the drivers are not one with a system root and one without');
  const variables = readSpecs(native).flatMap(({ pointer }) => pointer ?? []);
  const [first, last] = [Math.min(...variables), Math.max(...variables)];
  const roots: number[] = [];
  for (let at = first; at <= last; at += native.pointerSize) {
    if (!variables.includes(at) && textAt(native, readPointer(native, at)) === '/') roots.push(at);
  }
  const [root] = roots;
  if (root === undefined || roots.length !== 1)
    throw unadaptable(`the driver has ${roots.length} variables for a system root, not one`);
  writePointer(native, root, 0);
}

/**
 * The directories are texts in three places: the prefixes themselves, the one for Fortran's modules, and, in code, the
 * first 16 bytes and the rest of the path of the file `specs`, of which the length is compiled in: slashes fill it.
 */
function replacePrefixes(native: ElfImage): void {
  replaceTexts(native.bytes, [
    { from: '\0/usr/libexec/gcc-cross/\0', to: '\0/usr/libexec/gcc/', count: 1 },
    { from: '\0/usr/lib/gcc-cross/\0', to: '\0/usr/lib/gcc/', count: 1 },
  ]);
  replaceFortranDirectory(native);
  const start = '/usr/lib/gcc-cro';
  const places = placesOf(native.bytes, encodeUtf8(start));
  const [constant] = places;
  const immediates = placesOf(native.bytes, Uint8Array.from([0x10, 0x73, 0x73, 0x2f, 0x00])).filter(
    (at) => native.bytes[at - 2] === movImmediate,
  );
  const [immediate] = immediates;
  if (constant === undefined || places.length !== 1 || immediate === undefined || immediates.length !== 1)
    throw unadaptable("the driver's path of specs is not compiled as expected");
  native.bytes.set(encodeUtf8('/usr/lib/gcc////'), constant);
  native.bytes.set(encodeUtf8('///'), immediate + 1);
}

/** `mov dword [register+16], imm32` of x86-64. */
const movImmediate = 0xc7;

function replaceFortranDirectory({ bytes }: ElfImage): void {
  const places = placesOf(bytes, encodeUtf8('\0/usr/lib/gcc-cross/'));
  const [place] = places;
  if (place === undefined || places.length !== 1)
    throw unadaptable(`the driver names ${places.length} more directories of a cross compiler, not one`);
  const end = bytes.indexOf(0, place + 1);
  const rest = bytes.slice(place + '\0/usr/lib/gcc-cross/'.length, end);
  bytes.fill(0, place, end);
  bytes.set(encodeUtf8('\0/usr/lib/gcc/'), place);
  bytes.set(rest, place + '\0/usr/lib/gcc/'.length);
}
