import { encodeUtf8 } from '../../core/text.ts';
import type { HostLoader } from './host-loader.ts';
import { placesOf } from './image.ts';
import { replaceTexts } from './replace-text.ts';
import { unadaptable } from './unadaptable.ts';

/** Nothing is there: no recipe, set or log can have this name. As long as the shortest name that it replaces, or shorter. */
export const nowhere = '/dev/.anyarch/-';

/**
 * glibc's loader that knows one directory only: its system directories, and its cache and list of libraries to be loaded
 * before others, which are the guest's, are rewritten in place. So is what else it asks for below /etc. The lengths of the
 * directories are compiled in, so a shorter one is filled with slashes.
 *
 * The two short ones cannot hold a path of the tree. They become directories of sysfs, where nobody can put a library.
 *
 * @param directory without a slash at the end
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE when the loader is not built as expected
 */
export function privateLoader(loader: Uint8Array, host: HostLoader, directory: string): Uint8Array {
  const bytes = loader.slice();
  const [first, second, ...short] = host.systemDirectories;
  if (first === undefined || second === undefined) throw unadaptable('a loader has two system directories');
  const substitutes = [padded(directory, first), padded(directory, second), ...short.map(outside)];
  const before = `${host.systemDirectories.join('\0')}\0`;
  const count = placesOf(bytes, encodeUtf8(before)).length;
  if (count === 0) throw unadaptable('the system directories are not in the loader as expected');
  replaceTexts(bytes, [
    { from: before, to: `${substitutes.join('\0')}\0`, count },
    { from: '\0/etc/ld.so.cache\0', to: `\0${nowhere}`, count: 1 },
    { from: '\0/etc/ld.so.preload\0', to: `\0${nowhere}`, count: 1 },
    ...filesOfOlderLoaders(bytes).map((from) => ({ from, to: `\0${nowhere}`, count: 1 })),
  ]);
  for (const left of ['\0/etc/', ...host.systemDirectories.map((each) => `\0${each}\0`)]) {
    if (placesOf(bytes, encodeUtf8(left)).length > 0)
      throw unadaptable(`the loader still names ${JSON.stringify(left)} of the guest`);
  }
  return bytes;
}

/**
 * Up to 2.38 glibc's loader looks whether this file is there when a program raises privilege, and then heeds the caller's
 * requests to check its heap and to be debugged (elf/dl-tunables.c, elf/rtld.c). Such programs are never replaced.
 */
function filesOfOlderLoaders(bytes: Uint8Array): readonly string[] {
  return ['\0/etc/suid-debug\0'].filter((text) => placesOf(bytes, encodeUtf8(text)).length > 0);
}

function padded(directory: string, place: string): string {
  if (directory.length + 1 > place.length)
    throw unadaptable(`${directory} does not fit into the place of the loader's ${place}`);
  return directory.padEnd(place.length, '/');
}

function outside(place: string): string {
  const substitute = ['/sys/', '/sys/bus/'].find(({ length }) => length === place.length);
  if (substitute === undefined)
    throw unadaptable(`nothing is known that may stand for the loader's ${place}`);
  return substitute;
}
