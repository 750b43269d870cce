import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import { placesOf } from '../elf/image.ts';
import type { ElfImage } from '../elf/image.ts';
import { unadaptable } from '../elf/unadaptable.ts';

/** What `gcc -v` prints as "Configured with". */
export interface Configuration {
  /** In the file. */
  readonly offset: number;
  readonly text: string;
}

const beginning = '../src/configure -v ';

/** @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE when there is not exactly one */
export function readConfiguration({ bytes }: ElfImage): Configuration {
  const places = placesOf(bytes, encodeUtf8(beginning));
  const [offset] = places;
  if (offset === undefined || places.length !== 1)
    throw unadaptable(`the program says ${places.length} times how it was configured, not once`);
  return { offset, text: decodeUtf8(bytes.subarray(offset, bytes.indexOf(0, offset))) };
}

/**
 * Options that decide where things are, which languages, libraries and offloading are built, and how the compiler itself
 * is built: what of them a program has compiled in is rewritten, or its use is emulated. Every other one changes what is
 * compiled, so it must be the same on both sides.
 */
const harmless = new Set([
  'enable-languages',
  'program-suffix',
  'program-prefix',
  'with-sysroot',
  'includedir',
  'libexecdir',
  'libdir',
  'without-included-gettext',
  'enable-bootstrap',
  'enable-objc-gc',
  'with-target-system-zlib',
  'without-target-system-zlib',
  'enable-offload-targets',
  'enable-offload-defaulted',
  'without-cuda-driver',
  'build',
  'host',
  'with-build-config',
  'enable-link-serialization',
  'enable-libphobos-checking',
  'enable-plugin',
  'disable-libphobos',
  'disable-libssp',
  'disable-libquadmath',
  'disable-libquadmath-support',
  'disable-libsanitizer',
]);

/** @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE when the two compilers were not configured to compile alike */
export function checkConfiguration(native: ElfImage, guest: ElfImage): void {
  const [ours, theirs] = [native, guest].map((image) => optionsOf(readConfiguration(image).text));
  const differing = [...symmetricDifference(ours ?? new Set(), theirs ?? new Set())];
  if (differing.length > 0)
    throw unadaptable(`the compilers were configured differently: ${differing.join(' ')}`);
}

function optionsOf(text: string): Set<string> {
  const options = text.match(/--[^\s'=]+(?:='[^']*'|=\S*)?/g) ?? [];
  return new Set(options.filter((option) => !harmless.has(option.slice(2).split('=')[0] ?? '')));
}

function* symmetricDifference(a: ReadonlySet<string>, b: ReadonlySet<string>): Iterable<string> {
  for (const each of a) if (!b.has(each)) yield each;
  for (const each of b) if (!a.has(each)) yield each;
}
