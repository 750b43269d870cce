import { encodeUtf8 } from '../../core/text.ts';
import { placesOf } from '../elf/image.ts';
import { nowhere } from '../elf/private-loader.ts';
import { replaceTexts } from '../elf/replace-text.ts';

/** The set's directory with the plugins that binutils load by themselves, below its own. */
export const pluginDirectory = 'bfd';

/**
 * libbfd loads every plugin of two directories: the guest's are foreign. The first becomes the set's, with the linker's
 * plugin of the same compiler; the second has only one that reads archives' lists of dependencies for ld.
 *
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE
 */
export function redirectPlugins(bytes: Uint8Array, directory: string): void {
  const second = placesOf(bytes, encodeUtf8('/bfd-plugins\0')).flatMap((end) => wholeText(bytes, end));
  replaceTexts(bytes, [
    { from: '\0/usr/bin/../lib/bfd-plugins\0', to: `\0${directory}/${pluginDirectory}`, count: 1 },
    ...second
      .filter((text) => text !== '/usr/bin/../lib/bfd-plugins')
      .map((text) => ({ from: `\0${text}\0`, to: `\0${nowhere}`, count: 1 })),
  ]);
}

function wholeText(bytes: Uint8Array, end: number): string[] {
  const start = bytes.lastIndexOf(0, end) + 1;
  const text = String.fromCharCode(...bytes.subarray(start, bytes.indexOf(0, end)));
  return text.startsWith('/usr/') ? [text] : [];
}
