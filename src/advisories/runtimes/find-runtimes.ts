import type { Host } from '../../host/host.ts';
import type { GuestRuntime } from '../situation.ts';
import { runtimesInDirectories } from './in-directories.ts';
import { runtimesInPackages } from './in-packages.ts';
import { runtimesInProgram } from './in-program.ts';

/**
 * What a guest was made with, or runs programs with: by its files, none of which is executed. What cannot be read is passed over.
 *
 * @param root the guest's root directory; the host's own, `/`, is not looked at, as its runtimes are not emulated
 * @param program path of a program of the guest, as the host sees it
 */
export function findRuntimes(
  files: Host['files'],
  { root, program }: { readonly root?: string | undefined; readonly program?: string | undefined },
): readonly GuestRuntime[] {
  const isGuest = root !== undefined && root !== '/';
  const found = [
    ...(program === undefined ? [] : runtimesInProgram(files, program)),
    ...(isGuest ? [...runtimesInPackages(files, root), ...runtimesInDirectories(files, root)] : []),
  ];
  const keyOf = ({ name, version }: GuestRuntime): string => `${name} ${version ?? ''}`;
  return [...new Map([...found].reverse().map((one) => [keyOf(one), one])).values()].reverse();
}
