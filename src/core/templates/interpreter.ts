import { AnyarchError } from '../error.ts';
import { quote } from '../text.ts';

/**
 * The kernel takes a relative path and looks it up in every program's own directory.
 *
 * @throws AnyarchError ANYARCH_USAGE
 */
export function interpreterDirectory(path: string): string {
  if (path.startsWith('/') && isPrintable(path)) return path;
  throw new AnyarchError('ANYARCH_USAGE', `the path of the interpreters is ${quote(path)}`, {
    hint: 'name a directory from the root on: --qemu-path /usr/bin',
  });
}

/** @throws AnyarchError ANYARCH_USAGE */
export function interpreterSuffix(suffix: string): string {
  if (isPrintable(suffix)) return suffix;
  throw new AnyarchError('ANYARCH_USAGE', `the suffix of the interpreters is ${quote(suffix)}`, {
    hint: 'it may not contain control characters',
  });
}

function isPrintable(text: string): boolean {
  return Array.from(text).every((character) => character >= ' ' && character !== '\x7f');
}
